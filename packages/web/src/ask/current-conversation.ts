/** The conversation of this page: it goes on while other places are looked at, and ends with the page. */

import { HubError } from '@flywatch/client';
import { announce } from '../app/announce.ts';
import { hub } from '../app/hub.ts';
import { sessionEnded } from '../app/session.ts';
import { becomeAvailability } from './availability.ts';
import { Conversation, type Turn } from './conversation.ts';

export const conversation = new Conversation({ chat: hub.chat, nowMs: () => performance.now(), onEnd });

function onEnd({ state, error }: Turn): void {
  if (state === 'answered') becomeAvailability('on');
  if (error instanceof HubError && error.code === 'chat_not_configured') becomeAvailability('off');
  if (error instanceof HubError && error.status === 401) sessionEnded();
  announce({ answered: 'Answered', stopped: 'Stopped', failed: 'The question was not answered', asking: '' }[state]);
}
