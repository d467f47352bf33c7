import { bash, edit, fails, grep, prompt, read, say, todos, write, type Script } from '../script';

const tasks = ['Find where forecasts are drawn', 'Add the wind', 'Draw arrows', 'Check both units'];

export const weather: Script = {
  tool: 'gemini',
  title: 'Wind in the forecast',
  project: 'weather-app',
  branch: 'wind',
  model: 'gemini-2.5-pro',
  earlier: [
    prompt('Show wind speed and direction in the hourly forecast.'),
    todos(0, tasks),
    grep('HourlyForecast', 'lib/forecast/hourly.dart:12\nlib/home/page.dart:44'),
    read('lib/forecast/hourly.dart', 'Row(children: [Time(hour), Icon(hour.sky), Degrees(hour.celsius)])'),
    say('The hours are drawn in one place. The API tells the wind already; it is only thrown away.'),
    todos(1, tasks),
    edit('lib/api/hour.dart', 'final double celsius;', 'final double celsius;\n  final Wind wind;'),
    bash('flutter test test/api', 'All tests passed! (14)', 7300),
  ],
  steps: [
    todos(2, tasks),
    write(
      'lib/forecast/wind_arrow.dart',
      'class WindArrow extends CustomPainter {\n  final double degrees;\n\n  const WindArrow(this.degrees);\n}',
    ),
    edit('lib/forecast/hourly.dart', 'Degrees(hour.celsius)', 'Degrees(hour.celsius), WindView(hour.wind)'),
    fails('flutter test test/forecast', 'Expected: 12 km/h\n  Actual: 3.3 m/s', 8100),
    say('The API tells metres a second. I convert where it is shown, so that both units can be chosen.'),
    edit('lib/forecast/wind_view.dart', 'wind.speed', 'settings.speedOf(wind)'),
    todos(3, tasks),
    bash('flutter test', 'All tests passed! (88)', 15_600),
    todos(4, tasks),
    say('The wind is there, in km/h or knots as the settings say, with an arrow that points where it blows.'),
  ],
  next: {
    prompt: 'Add the other figures that the API tells, too, one at a time.',
    names: ['gusts', 'rain', 'humidity', 'pressure', 'visibility', 'uv-index', 'dew-point', 'snow'],
    task: (name) => `Show ${name}`,
    round: (name) => [
      grep(name, `lib/api/hour.dart:${name.length + 20}`),
      edit('lib/forecast/hourly.dart', 'WindView(hour.wind)', `WindView(hour.wind), Figure('${name}')`),
      write(`test/forecast/${name}_test.dart`, `void main() => testFigure('${name}');`),
      bash(`flutter test test/forecast/${name}_test.dart`, 'All tests passed! (6)', 7700),
      say(`The hours show ${name} now, where the setting is on.`),
    ],
    close: 'Every figure of the API can be shown. Those that few need are off at first.',
  },
};
