import { bash, edit, fails, prompt, read, say, todos, write, type Script } from '../script';

const tasks = ['Port the corpus generator', 'Pair runs against the floor', 'Write the report'];

export const benchmarks: Script = {
  tool: 'claude-code',
  title: 'Port the ingest benchmarks',
  project: 'telemetry',
  branch: 'bench',
  model: 'claude-sonnet-4-5-20250929',
  earlier: [
    prompt('Port the old ingest benchmarks to the new harness, and pair every run with its floor.'),
    todos(0, tasks),
    read('bench/old/corpus.py', 'def corpus(seed, size):\n    rng = random.Random(seed)\n'),
    read('bench/old/run.py', 'for size in (50, 200, 800):\n    print(size, measure(corpus(1, size)))\n'),
    write(
      'bench/corpus.ts',
      'export function corpus(seed: number, size: number) {\n  const random = seeded(seed);\n}\n',
    ),
    bash('npm run bench -- --only corpus', '50 MB in 0.31 s, the same bytes as the old one', 5200),
    todos(1, tasks),
  ],
  steps: [
    bash('npm run bench -- --quick', 'floor 1.00 s, ingest 2.71 s: 2.71 x', 8800),
    say('The baseline is noisy, so I pair the runs: floor, ingest, floor, ingest.'),
    edit('bench/run.ts', 'for (const run of runs)', 'for (const [floor, run] of paired(runs))'),
    fails('npm run lint', "bench/run.ts:14:9  error  'floor' is assigned but never used", 3300),
    edit('bench/run.ts', 'print(run)', 'print(run / floor)'),
    bash('npm run bench', 'ratio 2.68 (2.61-2.74 over 5 pairs)', 16_400),
    todos(2, tasks),
    write('bench/REPORT.md', '# Ingest\n\n2.68 x the floor, five pairs.\n'),
    todos(3, tasks),
    say('Five pairs agree within three per cent. The report is in bench/REPORT.md.'),
  ],
  next: {
    prompt: 'Measure each stage on its own now.',
    names: [
      'reading',
      'splitting',
      'decoding',
      'joining',
      'pricing',
      'writing',
      'publishing',
      'serving',
      'resuming',
      'rebuilding',
      'reporting',
      'alerting',
    ],
    task: (name) => `Measure ${name}`,
    round: (name) => [
      write(`bench/stages/${name}.ts`, `stage('${name}', (corpus) => run(corpus));\n`),
      bash(`npm run bench -- --stage ${name}`, `${name}: p50 0.4 ms, p99 1.9 ms`, 11_800),
      edit('bench/REPORT.md', '## Stages', `## Stages\n\n- ${name}: p50 0.4 ms`),
      say(`The ${name} stage is measured and in the report.`),
    ],
    close: 'Every stage is measured. Decoding is the one worth looking at.',
  },
};
