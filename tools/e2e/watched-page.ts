import type { BrowserContext, Page } from 'playwright-core';

/** What a broken connection makes Chromium say by itself. */
const network = /WebSocket connection to|Failed to load resource|net::ERR_/;

/** A page that is watched: what it complains of, whether it was loaded anew, whether a dialog came up. */
export class WatchedPage {
  /** Errors and warnings on its console, uncaught errors, breaches of the security policy, dialogs. */
  readonly complaints: string[] = [];
  private loads = 0;

  private constructor(readonly page: Page) {}

  static async open(context: BrowserContext, url: string): Promise<WatchedPage> {
    const watched = new WatchedPage(await context.newPage());
    watched.watch();
    await watched.page.goto(url);
    return watched;
  }

  /** Where the words are, the connection badge's. */
  get badge() {
    return this.page.locator('tt-connection-badge .word').first();
  }

  /** Resolves when the connection badge says this, and maybe more than the first word. */
  async says(word: string): Promise<void> {
    await this.badge.filter({ hasText: word }).waitFor();
  }

  /** Resolves when this text can be seen. */
  async sees(text: string): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  /** The number of a stat card, as shown. */
  figure(label: string): Promise<string> {
    return this.page.locator('tt-stat-card', { hasText: label }).locator('tt-number').innerText();
  }

  /** Closes it, unless it complained, was loaded more than once or asked something. */
  async close({ brokenConnection = false } = {}): Promise<void> {
    const complaints = this.complaints.filter((line) => !(brokenConnection && network.test(line)));
    const loads = this.loads;
    await this.page.close();
    expect({ complaints, loads }).toEqual({ complaints: [], loads: 1 });
  }

  private watch(): void {
    this.page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()))
        this.complaints.push(`console ${message.type()}: ${message.text()}`);
    });
    this.page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`));
    this.page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    this.page.on('domcontentloaded', () => this.loads++);
  }
}
