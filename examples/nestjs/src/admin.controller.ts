import { type CanActivate, Controller, Get, Injectable, UnauthorizedException, UseGuards } from '@nestjs/common';

/** Lets nobody in: what it refuses never reaches an interceptor, and is logged all the same. */
@Injectable()
class NobodyGuard implements CanActivate {
  canActivate(): boolean {
    throw new UnauthorizedException('who are you?');
  }
}

@Controller('admin')
@UseGuards(NobodyGuard)
export class AdminController {
  @Get()
  read(): string {
    return 'never read';
  }
}
