import { deltaSchema } from '../live/delta';
import { alertSubject, liveDeletedSubject, liveFleetSubject, liveSessionSubject } from '../live/subjects';
import { alertSchema } from '../rest/alerts';
import { cloudEventHeaders, type ChannelPart, type MessagePart } from './parts';

const deltaMessage: MessagePart = {
  title: 'Delta',
  summary: 'Leads a room from one revision to the next, with the new values of what changed',
  contentType: 'application/json',
  headers: cloudEventHeaders('telltale.live.delta.v1'),
  payload: deltaSchema,
};

const alertMessage: MessagePart = {
  title: 'Alert',
  summary: 'A threshold was reached',
  contentType: 'application/json',
  headers: cloudEventHeaders('telltale.alert.raised.v1'),
  payload: alertSchema,
};

/** What any tool may subscribe to: core NATS, at most once. */
export const liveChannels: Readonly<Record<string, ChannelPart>> = {
  liveFleet: {
    address: liveFleetSubject,
    title: 'The fleet, live',
    description: 'A delta for each session that a commit changed, with what changed of its summary.',
    server: 'nats',
    action: 'send',
    messages: { delta: deltaMessage },
  },
  liveSession: {
    address: placeholder(liveSessionSubject('x'), '{session}'),
    title: 'A session, live',
    description: 'All that changed of one session, and the messages that were added.',
    server: 'nats',
    action: 'send',
    parameters: { session: "The session's id, percent-encoded outside [A-Za-z0-9_-]" },
    messages: { delta: deltaMessage },
  },
  liveDeleted: {
    address: liveDeletedSubject,
    title: 'Sessions deleted for good',
    description: 'For whoever keeps something of sessions: forget this one.',
    server: 'nats',
    action: 'send',
    messages: { delta: deltaMessage },
  },
  alerts: {
    address: placeholder(alertSubject('x'), '{kind}'),
    title: 'Alerts',
    description: 'Raised once each, whatever the number of replicas.',
    server: 'nats',
    action: 'send',
    parameters: { kind: 'What it is about: `budget`' },
    messages: { alert: alertMessage },
  },
};

function placeholder(subject: string, name: string): string {
  return subject.replace(/x$/, name);
}
