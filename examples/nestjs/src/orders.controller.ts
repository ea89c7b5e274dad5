import { LogEmitter } from '@flywatch/logger/nestjs';
import { Body, Controller, Get, Param, Post } from '@nestjs/common';

@Controller()
export class OrdersController {
  constructor(private readonly logs: LogEmitter) {}

  @Get('orders/:id')
  read(@Param('id') id: string): { id: string } {
    this.logs.info('orders', 'order read', { order_id: Number(id) });
    return { id };
  }

  @Post('orders')
  accept(@Body() order: { items: number }): { id: number } {
    this.logs.info('orders', 'order accepted', { items: order.items });
    return { id: 1 };
  }

  @Get('fail')
  fail(): never {
    throw new Error('the stock is unknown');
  }

  @Get('slow')
  slow(): Promise<string> {
    return new Promise((resolve) => setTimeout(resolve, 10_000, 'at last'));
  }
}
