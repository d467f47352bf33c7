import { factChannels } from './fact-channels';
import { liveChannels } from './live-channels';
import { requestChannels } from './request-channels';
import { socketChannels } from './socket-channels';
import { jsonSchemaOf, type ChannelPart, type MessagePart } from './parts';

export interface AsyncApiRequest {
  readonly version: string;
  /** `host:port` of NATS and of the gateway, as clients reach them. */
  readonly servers: { readonly nats: string; readonly gateway: string };
}

const channels: Readonly<Record<string, ChannelPart>> = {
  ...liveChannels,
  ...socketChannels,
  ...factChannels,
  ...requestChannels,
};

/** Everything that travels over NATS and Socket.IO, as AsyncAPI 3 says it: made from the schemas that the services use. */
export function asyncApiDocument({ version, servers }: AsyncApiRequest): Readonly<Record<string, unknown>> {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Telltale',
      version,
      description:
        'What AI coding agents and test runs are doing, live. Names in subjects are percent-encoded outside ' +
        '[A-Za-z0-9_-], so that each is one token. Live subjects are core NATS, at most once: who missed a delta ' +
        'sees that `from` is not the revision it holds, and asks again by REST or Socket.IO.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      nats: {
        host: servers.nats,
        protocol: 'nats',
        description:
          'The embedded server prints a credential that may only subscribe to live subjects and alerts.',
        security: [{ type: 'userPassword' }],
      },
      gateway: {
        host: servers.gateway,
        pathname: '/socket.io',
        protocol: 'socket.io',
        description: 'Socket.IO on the gateway’s port. The token goes into `auth.token`.',
        security: [{ type: 'httpApiKey', in: 'header', name: 'authorization' }],
      },
    },
    channels: mapped(channels, channelOf),
    operations: mapped(channels, operationOf),
    components: { messages: Object.assign({}, ...Object.values(channels).map(namedMessages)) as object },
  };
}

function mapped<In, Out>(
  record: Readonly<Record<string, In>>,
  to: (value: In, name: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value, name)]));
}

function channelOf({ address, title, description, server, parameters = {}, messages }: ChannelPart): object {
  return {
    address,
    title,
    description,
    servers: [{ $ref: `#/servers/${server}` }],
    parameters: mapped(parameters, (text) => ({ description: text })),
    messages: mapped(messages, (_, name) => ({ $ref: `#/components/messages/${name}` })),
  };
}

function operationOf({ action, title, messages }: ChannelPart, channel: string): object {
  return {
    action,
    title,
    channel: { $ref: `#/channels/${channel}` },
    messages: Object.keys(messages).map((name) => ({ $ref: `#/channels/${channel}/messages/${name}` })),
  };
}

function namedMessages({ messages }: ChannelPart): object {
  return mapped(messages, messageOf);
}

function messageOf({ payload, payloadIsLines, ...message }: MessagePart, name: string): object {
  const schema = jsonSchemaOf(payload);
  const lines = { type: 'array', description: 'One line of the body each', items: schema };
  return { name, ...message, payload: payloadIsLines === true ? lines : schema };
}
