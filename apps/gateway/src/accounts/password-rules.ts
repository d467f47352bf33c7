import { badRequest } from '../problems/problem';

/** What a schema cannot say of a new password. @throws ProblemException 400 naming `field` */
export function requireUsable(password: string, username: string, field: string): void {
  const plain = password.normalize('NFKC').trim().toLowerCase();
  if (plain.split(username.toLowerCase()).join('').trim() === '')
    throw badRequest(field, 'A password is more than the name, however often repeated.');
  if (new Set(plain).size < 4) throw badRequest(field, 'A password has at least four different characters.');
}
