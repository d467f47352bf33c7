import { bash, edit, fails, prompt, read, say, todos, type Story } from '../script';

const tasks = ['See what is in it', 'Build in stages', 'Leave out dev dependencies'];

export const image: Story = {
  tool: 'claude-code',
  title: 'Cut the container image in half',
  project: 'deploy',
  branch: 'slim',
  model: 'claude-sonnet-4-5-20250929',
  endedHoursAgo: 3.1,
  steps: [
    prompt('Our image is 1.1 GB. Get it below 500 MB.'),
    todos(0, tasks),
    bash('docker history web:latest', '612MB  COPY . .\n341MB  RUN npm ci\n117MB  FROM node', 1800),
    read('Dockerfile', 'FROM node:24\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npm", "start"]'),
    say('Most of it is the sources and the dev dependencies. Two stages will do.'),
    todos(1, tasks),
    edit('Dockerfile', 'FROM node:24\n', 'FROM node:24 AS build\n'),
    edit(
      'Dockerfile',
      'CMD ["npm", "start"]',
      'FROM node:24-slim\nCOPY --from=build /app/dist /app\nCMD ["node", "/app/main.js"]',
    ),
    fails('docker build -t web .', 'Error: Cannot find module "pg"', 14_200),
    todos(2, tasks),
    edit('Dockerfile', 'FROM node:24-slim\n', 'FROM node:24-slim\nRUN npm ci --omit=dev\n'),
    bash('docker build -t web . && docker images web', 'web  latest  388MB', 31_000),
    todos(3, tasks),
    say('388 MB, and it starts in the same time.'),
  ],
};
