import { ComponentFixture, TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { browserFetch } from '../api/telltale-api';
import { FakeGateway } from '../testing/fake-gateway';
import { CurrentUser } from './current-user';
import { SignIn } from './sign-in';

const admitted = {
  accessToken: 'x',
  expiresAt: '2027-01-01T00:00:00.000Z',
  user: { username: 'admin', role: 'admin' },
};

describe('SignIn', () => {
  let gateway: FakeGateway;

  async function render(url: string): Promise<ComponentFixture<SignIn>> {
    history.replaceState(null, '', url);
    TestBed.configureTestingModule({
      providers: [
        provideRouter([{ path: '**', children: [] }]),
        { provide: browserFetch, useValue: gateway.fetch },
      ],
    });
    const fixture = TestBed.createComponent(SignIn);
    await fixture.whenStable();
    return fixture;
  }
  const text = (fixture: ComponentFixture<SignIn>): string =>
    (fixture.nativeElement as HTMLElement).textContent ?? '';

  async function submit(fixture: ComponentFixture<SignIn>, password: string): Promise<void> {
    const host = fixture.nativeElement as HTMLElement;
    const input = host.querySelector<HTMLInputElement>('#password')!;
    input.value = password;
    input.dispatchEvent(new Event('input'));
    host.querySelector('form')?.dispatchEvent(new Event('submit'));
    await fixture.whenStable();
  }

  it('takes the token of a link by itself and leaves none in the address', async () => {
    gateway = new FakeGateway(() => ({ body: admitted }));
    await render('/sign-in#token=abcdefghijklmnop');
    expect(gateway.requests[0]).toMatchObject({
      url: '/api/auth/sign-in',
      body: { token: 'abcdefghijklmnop' },
    });
    expect(location.hash).toBe('');
    expect(TestBed.inject(CurrentUser).user()?.username).toBe('admin');
    expect(TestBed.inject(Router).url).toBe('/');
  });

  it('helps where a link was used already', async () => {
    gateway = new FakeGateway(() => ({ status: 401, body: { title: 'Unauthorized' } }));
    const fixture = await render('/sign-in#token=abcdefghijklmnop');
    expect(text(fixture)).toContain('Each works once');
    expect(text(fixture)).toContain('npm run sign-in');
  });

  it('says that a password is wrong, and that the gateway is away', async () => {
    gateway = new FakeGateway(() => ({ status: 401, body: { title: 'Unauthorized' } }));
    const fixture = await render('/sign-in');
    await submit(fixture, 'wrong');
    expect(text(fixture)).toContain('do not match');
    gateway.answer = () => undefined;
    await submit(fixture, 'right');
    expect(text(fixture)).toContain('does not answer');
  });

  it('asks for a password instead of sending none', async () => {
    gateway = new FakeGateway(() => ({ body: admitted }));
    const fixture = await render('/sign-in');
    await submit(fixture, '');
    expect(gateway.requests).toEqual([]);
    expect(text(fixture)).toContain('Enter a username and a password');
  });
});
