/** The icons of the page: 16 px, drawn on a grid of 16 with a line of 1.5. Beside words they are hidden from screen readers. */

import type { ReactElement, SVGProps } from 'react';

type Icon = (props: SVGProps<SVGSVGElement>) => ReactElement;

function icon(...paths: readonly string[]): Icon {
  return ({ className, ...props }) => (
    <svg
      className={className === undefined ? 'icon' : `icon ${className}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
      {...props}
    >
      {paths.map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}

const CIRCLE = 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Z';

export const LiveIcon = icon(
  'M4.5 11V3.8A1.8 1.8 0 0 1 6.3 2h7.2v8.5',
  'M2.5 14h9a2 2 0 0 0 2-2v-1h-9v1a2 2 0 0 1-2 2Z',
  'M7 5h4M7 8h4',
);
export const SnapshotsIcon = icon('M2.3 8A5.7 5.7 0 1 0 4 4L2.3 5.6', 'M2.3 2.6v3h3', 'M8 5v3.2l2.2 1.3');
export const ConnectIcon = icon(
  'M4 2.5v3M7 2.5v3M3 5.5h5v1.8a2.5 2.5 0 0 1-5 0ZM5.5 9.8v1.7a2 2 0 0 0 4 0V6a1.5 1.5 0 0 1 3 0v7.5',
  'M11 13.5h3',
);
export const StatusIcon = icon('M1.5 8.5H4L6.2 2.8l3.6 10.4L12 7.5h2.5');
export const SettingsIcon = icon(
  'M8 5.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4Z',
  'M6.9 1.8h2.2l.4 1.7 1.2.7 1.7-.5 1.1 1.9-1.3 1.2v1.4l1.3 1.2-1.1 1.9-1.7-.5-1.2.7-.4 1.7H6.9l-.4-1.7-1.2-.7-1.7.5-1.1-1.9 1.3-1.2V6.8L2.5 5.6l1.1-1.9 1.7.5 1.2-.7Z',
);
export const FleetIcon = icon(
  'M3 2.5h10a1 1 0 0 1 1 1v3a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1v-3a1 1 0 0 1 1-1Z',
  'M3 8.5h10a1 1 0 0 1 1 1v3a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1v-3a1 1 0 0 1 1-1Z',
  'M4.5 5h.01M4.5 11h.01',
);
export const SearchIcon = icon('M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Z', 'M10.3 10.3 14 14');
export const CloseIcon = icon('M4 4l8 8M12 4l-8 8');
export const ClockIcon = icon(CIRCLE, 'M8 4.8V8l2.2 1.4');
export const PauseIcon = icon('M3.5 2.5h3v11h-3Z', 'M9.5 2.5h3v11h-3Z');
export const ChevronRightIcon = icon('m6 3.5 4.5 4.5L6 12.5');
export const ChevronDownIcon = icon('m3.5 6 4.5 4.5L12.5 6');
export const BookmarkIcon = icon('M4 2.5h8v11l-4-3-4 3Z');
export const WrapIcon = icon('M2 3.5h12M2 12.5h4', 'M2 8h9.7a2.3 2.3 0 0 1 0 4.6H9', 'm10.8 10.6-2 2 2 2');
export const ColumnsIcon = icon('M2.5 3h11v10h-11Z', 'M6.2 3v10M9.8 3v10');
export const LinkIcon = icon(
  'M6.7 9.3a2.7 2.7 0 0 0 3.8 0l2.2-2.2a2.7 2.7 0 0 0-3.8-3.8l-1 1',
  'M9.3 6.7a2.7 2.7 0 0 0-3.8 0L3.3 8.9a2.7 2.7 0 0 0 3.8 3.8l1-1',
);
export const DownloadIcon = icon('M8 2v8M4.8 7 8 10.2 11.2 7', 'M2.5 11.5v1a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-1');
export const ContextIcon = icon('M8 2 2 5l6 3 6-3Z', 'm2 8 6 3 6-3', 'm2 11 6 3 6-3');
export const CopyIcon = icon('M5.5 5.5h8v8h-8Z', 'M10.5 5.5v-3h-8v8h3');
export const PlusIcon = icon('M8 3v10M3 8h10');
export const MinusIcon = icon('M3 8h10');
export const TickIcon = icon('m3 8.5 3.3 3.3L13 4.5');
export const FineIcon = icon(CIRCLE, 'm5.3 8.2 1.9 1.9 3.5-4');
export const LateIcon = icon(
  'M6 2.4a6 6 0 0 1 4 0M12.6 4.2a6 6 0 0 1 1.4 3.6M13.3 11a6 6 0 0 1-3 2.5M6.8 13.9a6 6 0 0 1-3.7-2.2M2 8.6a6 6 0 0 1 1.3-4.2',
);
export const DownIcon = icon(CIRCLE, 'm6 6 4 4M10 6l-4 4');
export const WarningIcon = icon('M8 2.5 14.5 13.5h-13Z', 'M8 6.5v3M8 11.5h.01');
export const ErrorIcon = icon(CIRCLE, 'M8 5v3.5M8 11h.01');
export const OffIcon = icon('M5 4a5.2 5.2 0 1 0 6 0', 'M8 2v5');
export const ArrowDownIcon = icon('M8 3v10M4 9l4 4 4-4');
export const RefreshIcon = icon(
  'M13.5 8A5.5 5.5 0 0 1 3.6 11.3M2.5 8a5.5 5.5 0 0 1 9.9-3.3',
  'M12.6 2v2.9H9.7M3.4 14v-2.9h2.9',
);
export const OfflineIcon = icon(
  'm9.5 9.5-1.8 1.8a2.3 2.3 0 0 1-3.2 0 2.3 2.3 0 0 1 0-3.2l1.8-1.8M9.9 3.7 8.6 5M12.3 6.1 11 7.4a2.3 2.3 0 0 0 1-3.7 2.3 2.3 0 0 0-3.4.3',
  'm2 14 2.3-2.3M14 2l-1.7 1.7',
);
export const EyeIcon = icon(
  'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8Z',
  'M8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6Z',
);
export const FilterIcon = icon('M2 3h12L9.5 8.5v4L6.5 14V8.5Z');
export const SlidersIcon = icon('M2 4.5h6M11 4.5h3M2 11.5h2M7 11.5h7', 'M9.5 3v3M5.5 10v3');
export const EmptyIcon = icon('M2 9.5 4.2 3h7.6L14 9.5V13H2Z', 'M2 9.5h3.3l1.2 1.8h3l1.2-1.8H14');
export const StoreIcon = icon(
  'M8 2c3 0 5.5.9 5.5 2S11 6 8 6 2.5 5.1 2.5 4 5 2 8 2Z',
  'M2.5 4v8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2V4',
  'M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2',
);
export const ReadersIcon = icon(
  'M6 3a2.3 2.3 0 1 1 0 4.6A2.3 2.3 0 0 1 6 3Z',
  'M2 13.5v-1a3 3 0 0 1 3-3h2a3 3 0 0 1 3 3v1',
  'M10.8 3.2a2.3 2.3 0 0 1 0 4.2M14 13.5v-1a3 3 0 0 0-2.2-2.9',
);
export const CloudIcon = icon('M4.8 12.8a3 3 0 0 1-.6-6A4 4 0 0 1 12 7.3a2.8 2.8 0 0 1-.6 5.5Z');
export const BoxIcon = icon('M8 1.8 13.5 5v6L8 14.2 2.5 11V5Z', 'M2.7 5.1 8 8.2l5.3-3.1M8 8.2v6');
export const FileIcon = icon('M4 2h5l3 3v9H4Z', 'M9 2v3h3M6 8.5h4M6 11h4');
export const WaitingIcon = icon(
  'M8 7.2a.8.8 0 1 1 0 1.6.8.8 0 0 1 0-1.6Z',
  'M5.4 10.6a3.7 3.7 0 0 1 0-5.2M10.6 5.4a3.7 3.7 0 0 1 0 5.2M3.4 12.6a6.5 6.5 0 0 1 0-9.2M12.6 3.4a6.5 6.5 0 0 1 0 9.2',
);
export const BackIcon = icon('M13.5 8h-11', 'M6.5 4l-4 4 4 4');
export const OpenIcon = icon('M7 3H3v10h10V9', 'M9.5 2.5h4v4', 'M13.5 2.5 7.5 8.5');
export const ZoomIcon = icon('M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Z', 'M10.3 10.3 14 14', 'M7 5v4M5 7h4');
export const LockIcon = icon('M3.5 7h9v7h-9Z', 'M5.5 7V5a2.5 2.5 0 0 1 5 0v2');
export const MoreIcon = icon('M3 8h.01M8 8h.01M13 8h.01');
export const InfoIcon = icon(CIRCLE, 'M8 7.5V11M8 5h.01');
export const CameraIcon = icon('M2 5h2.5l1-2h5l1 2H14v8H2Z', 'M8 6.5a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 0 1 0-4.6Z');

/** The mark of the program: two wings and a body. */
export function Mark({ size = 24 }: { readonly size?: number }): ReactElement {
  return (
    <svg className="mark" width={size} height={size} viewBox="4 6 24 22" aria-hidden="true">
      <path className="mark-near" d="M15.2 15.6C10.6 16.4 5.6 13.4 5 8.2c5.4-1.6 9.8 1.6 10.2 7.4Z" />
      <path className="mark-far" d="M16.8 15.6c4.6.8 9.6-2.2 10.2-7.4-5.4-1.6-9.8 1.6-10.2 7.4Z" />
      <path className="mark-body" d="M13.6 17.4h4.8l-.8 7.2a1.6 1.6 0 0 1-3.2 0Z" />
    </svg>
  );
}
