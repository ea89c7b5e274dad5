/** The visitors of the shop and the way they take through it: a small Markov chain from the front page to the order. */

import { type Instance, WEB } from './cast.ts';
import { AGENTS, CATEGORIES, PRODUCTS, SEARCHES, visitorAddress } from './catalogue.ts';
import type { Random } from './random.ts';
import { serve } from './requests.ts';
import type { Stage } from './stage.ts';

/** One thing that a visitor does: what the browser asks of the front end, and that of the API. */
export interface Click {
  readonly does: 'view' | 'change' | 'order';
  readonly path: string;
  readonly apiUrl: string;
  readonly typicalMs: number;
}

export interface Visitor {
  readonly address: string;
  readonly agent: string;
  /** The front end that is nearest. */
  readonly home: Instance;
  readonly customer: number;
  /** The page before, as the next request's referrer. */
  referrer: string;
  page: Page;
  product: string;
  /** Number of the visitor's order once there is one. */
  order: number;
}

type Page = 'outside' | 'home' | 'list' | 'search' | 'product' | 'cart' | 'checkout' | 'ordered' | 'track';

/** Where people go from each page; a page stands in its list as often as it is chosen. `outside` ends the visit. */
const NEXT: Readonly<Record<Page, readonly Page[]>> = {
  outside: ['home', 'home', 'home', 'product', 'product', 'list', 'search', 'track'],
  home: ['list', 'list', 'list', 'search', 'product', 'product', 'outside'],
  list: ['product', 'product', 'product', 'list', 'search', 'outside'],
  search: ['product', 'product', 'list', 'search', 'outside'],
  product: ['product', 'product', 'list', 'cart', 'cart', 'outside'],
  cart: ['checkout', 'checkout', 'product', 'list', 'outside'],
  checkout: ['ordered', 'ordered', 'ordered', 'list', 'outside'],
  ordered: ['track', 'track', 'home', 'outside'],
  track: ['home', 'outside', 'outside'],
};

/** Where most visitors of the shop are; the front ends of the other regions have the rest. */
const HOMES = [WEB[0], WEB[0], WEB[0], WEB[1], WEB[1], WEB[2]];

const REFERRERS = ['-', '-', '-', 'https://search.example/', 'https://news.example/weekend-finds'] as const;

export class Visitors {
  readonly #crowd: Visitor[] = [];
  readonly #stage: Stage;

  /** `count` people are in the shop at any time; whoever leaves makes room for another. */
  constructor(stage: Stage, count: number) {
    this.#stage = stage;
    for (let i = 0; i < count; i++) this.#crowd.push(arrive(stage.random));
  }

  /** One of the visitors does the next thing. */
  click(): void {
    const { random } = this.#stage;
    const place = random.between(0, this.#crowd.length - 1);
    let visitor = this.#crowd[place]!;
    visitor.page = random.pick(NEXT[visitor.page]);
    if (visitor.page === 'outside') {
      visitor = arrive(random);
      visitor.page = random.pick(NEXT.outside);
      this.#crowd[place] = visitor;
    }
    serve(this.#stage, visitor, clickOn(this.#stage, visitor));
  }
}

function arrive(random: Random): Visitor {
  return {
    address: visitorAddress(random),
    agent: random.pick(AGENTS),
    home: random.pick(HOMES),
    customer: random.between(1000, 9999),
    referrer: random.pick(REFERRERS),
    page: 'outside',
    product: random.pick(PRODUCTS).slug,
    order: 0,
  };
}

function clickOn({ random, shop }: Stage, visitor: Visitor): Click {
  switch (visitor.page) {
    case 'outside':
    case 'home':
      return { does: 'view', path: '/', apiUrl: '/v1/featured?limit=12', typicalMs: 22 };
    case 'list': {
      const query = `${random.pick(CATEGORIES)}${random.chance(0.4) ? `&page=${random.between(2, 6)}` : ''}`;
      const path = `/c/${query.replace('&', '?')}`;
      return { does: 'view', path, apiUrl: `/v1/products?category=${query}`, typicalMs: 31 };
    }
    case 'search': {
      const q = random.pick(SEARCHES);
      return { does: 'view', path: `/search?q=${q}`, apiUrl: `/v1/search?q=${q}&limit=24`, typicalMs: 58 };
    }
    case 'product':
      visitor.product = random.pick(PRODUCTS).slug;
      return { does: 'view', path: `/p/${visitor.product}`, apiUrl: `/v1/products/${visitor.product}`, typicalMs: 14 };
    case 'cart':
      return { does: 'change', path: '/cart/items', apiUrl: '/v1/cart/items', typicalMs: 24 };
    case 'checkout':
      return { does: 'view', path: '/checkout', apiUrl: '/v1/cart?expand=shipping', typicalMs: 36 };
    case 'ordered':
      visitor.order = ++shop.order;
      return { does: 'order', path: '/checkout', apiUrl: '/v1/orders', typicalMs: 140 };
    case 'track': {
      const order = visitor.order === 0 ? shop.order - random.between(1, 400) : visitor.order;
      return { does: 'view', path: `/orders/${order}`, apiUrl: `/v1/orders/${order}`, typicalMs: 18 };
    }
  }
}
