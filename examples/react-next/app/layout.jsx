import '@flywatch/react/style.css';
import './page.css';

export const metadata = { title: 'Logs', icons: { icon: 'data:,' } };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
