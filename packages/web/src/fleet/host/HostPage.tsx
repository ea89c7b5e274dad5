export function HostPage({ name }: { name: string }) {
  return name;
}
