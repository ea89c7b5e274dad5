/** What the shop sells and who comes by. All addresses are from the ranges that RFC 5737 and 3849 set aside for examples. */

import type { Random } from './random.ts';

interface Product {
  readonly slug: string;
  readonly cents: number;
}

export const CATEGORIES = ['kitchen', 'garden', 'desk', 'lighting', 'textiles', 'gifts'] as const;

export const PRODUCTS: readonly Product[] = [
  { slug: 'oak-shelf', cents: 8900 },
  { slug: 'linen-apron', cents: 3450 },
  { slug: 'brass-hook', cents: 1190 },
  { slug: 'enamel-mug', cents: 1600 },
  { slug: 'walnut-tray', cents: 5400 },
  { slug: 'wool-throw', cents: 12900 },
  { slug: 'clay-planter', cents: 2750 },
  { slug: 'cork-mat', cents: 1890 },
  { slug: 'paper-lantern', cents: 2200 },
  { slug: 'copper-kettle', cents: 9800 },
  { slug: 'ash-stool', cents: 14900 },
  { slug: 'beeswax-candle', cents: 990 },
  { slug: 'jute-basket', cents: 3100 },
  { slug: 'slate-board', cents: 2600 },
  { slug: 'reading-lamp', cents: 7900 },
  { slug: 'seed-box', cents: 1450 },
];

/** As they stand in a URL. */
export const SEARCHES = [
  'lamp',
  'oak',
  'tea+towel',
  'gift+under+20',
  'b%C3%BCcherregal',
  'kettle',
  '%E8%8C%B6',
  'hook',
];

/** Long and short ones: user agents are half of an access line. */
export const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.1 Safari/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Android 16; Mobile; rv:148.0) Gecko/148.0 Firefox/148.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148',
  'ShopApp/4.2.1 (Android 16)',
  'ShopApp/4.2.1 (iOS 26.1)',
  'ShopApp/4.2.0 (iOS 26.1)',
] as const;

export const CRAWLER_AGENT = 'ExampleCrawler/2.1 (+https://crawler.example/about)';

const NETWORKS = ['192.0.2.', '198.51.100.', '203.0.113.'] as const;

/** An address from the example ranges, one in six of them IPv6. */
export function visitorAddress(random: Random): string {
  if (random.chance(1 / 6))
    return `2001:db8:${random.between(1, 0xffff).toString(16)}::${random.between(1, 0xffff).toString(16)}`;
  return random.pick(NETWORKS) + random.between(1, 254);
}
