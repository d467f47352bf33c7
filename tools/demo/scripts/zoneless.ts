import { bash, edit, fails, grep, prompt, read, say, todos, type Script } from '../script';

const tasks = ['List zone.js uses', 'Turn on zoneless', 'Replace fakeAsync tests', 'Check the bundle'];

export const zoneless: Script = {
  title: 'Upgrade to Angular 22',
  project: 'console',
  branch: 'ng22',
  model: 'claude-haiku-4-5-20251001',
  earlier: [
    prompt('Upgrade to Angular 22 and make the app zoneless.'),
    todos(0, tasks),
    bash('npx ng update @angular/core@22', 'Migrated 31 files.', 9100),
    grep('zone\\.js', 'src/polyfills.ts:3\nsrc/test.ts:1'),
    read('src/main.ts', 'bootstrapApplication(App, {\n  providers: [provideZoneChangeDetection()],\n});'),
    todos(1, tasks),
    edit('src/main.ts', 'provideZoneChangeDetection()', 'provideZonelessChangeDetection()'),
    fails('npm run build', "error NG8113: 'AsyncPipe' is not used within the template of Header", 7200),
  ],
  steps: [
    edit('src/header/header.ts', 'imports: [AsyncPipe, Logo]', 'imports: [Logo]'),
    bash('npm run build', 'Initial total 182 kB (-38 kB)', 8100),
    todos(2, tasks),
    grep('fakeAsync', 'src/header/header.spec.ts:21\nsrc/cart/cart.spec.ts:40'),
    edit('src/header/header.spec.ts', 'fakeAsync(() => {', 'async () => {'),
    edit('src/cart/cart.spec.ts', 'tick(300);', 'await vi.advanceTimersByTimeAsync(300);'),
    bash('npm test', '312 passed', 12_100),
    todos(4, tasks),
    say('All green without zone.js, and the first load is 38 kB smaller.'),
  ],
  next: {
    prompt: 'Now turn the remaining inputs and outputs into signals, a feature at a time.',
    names: [
      'header',
      'cart',
      'orders',
      'profile',
      'reports',
      'settings',
      'billing',
      'help',
      'search',
      'login',
      'charts',
      'tables',
      'dialogs',
      'shell',
    ],
    task: (name) => `Signals in ${name}`,
    round: (name) => [
      grep('@Input\\(\\)', `src/${name}/${name}.ts:14\nsrc/${name}/list.ts:9`),
      edit(`src/${name}/${name}.ts`, '@Input() item!: Item;', 'readonly item = input.required<Item>();'),
      edit(`src/${name}/list.ts`, '@Input() items: Item[] = [];', 'readonly items = input<Item[]>([]);'),
      bash(`npm test -- ${name}`, `PASS src/${name}/${name}.spec.ts\n\n24 passed`, 6900),
      say(`${name} uses signal inputs now.`),
    ],
    close: 'All features use signals now, and the build is green.',
  },
};
