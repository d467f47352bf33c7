import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import {
  accountListSchema,
  accountSchema,
  changeAccountRequestSchema,
  createAccountRequestSchema,
  signInLinkSchema,
  type Account,
  type AccountList,
  type ChangeAccountRequest,
  type CreateAccountRequest,
  type SignInLink,
  type User,
} from '@telltale/contracts';
import type { Request, Response } from 'express';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { conflict, notFound } from '../problems/problem';
import { CurrentUser, ForPeople, ForRoles } from './access';
import { Audited, noteAudit } from './audited';
import { requireUsable } from './password-rules';
import { SignInLinks } from './sign-in-links';
import { Users, type Refusal } from './users';

const onlyAdministrators = { 403: 'Only administrators who signed in may, no API tokens' };

@Controller('api/admin/users')
@ForRoles('admin')
export class UsersController {
  constructor(
    private readonly users: Users,
    private readonly links: SignInLinks,
  ) {}

  @Get()
  @Describes({ summary: 'Users, by name', answer: accountListSchema })
  async list(): Promise<AccountList> {
    return { items: await this.users.list() };
  }

  @Post()
  @ForPeople()
  @Audited('user.made')
  @Describes({
    summary: 'Makes a user. Without a password a sign-in link leads in',
    body: createAccountRequestSchema,
    answer: accountSchema,
    status: 201,
    problems: { ...onlyAdministrators, 409: 'There is such a user already' },
  })
  async make(
    @Body(new Parsed(createAccountRequestSchema)) body: CreateAccountRequest,
    @Req() request: Request,
  ): Promise<Account> {
    noteAudit(request, { target: body.username, details: { role: body.role } });
    if (body.password !== undefined) requireUsable(body.password, body.username, 'password');
    const made = await this.users.make(body);
    if (!made) throw conflict('There is a user of this name already.');
    return made;
  }

  @Patch(':username')
  @ForPeople()
  @Audited('user.changed')
  @Describes({
    summary:
      'Changes role or password, or lets a user in no more. The last two end all of the user’s sign-ins',
    body: changeAccountRequestSchema,
    answer: accountSchema,
    notFound: true,
    problems: {
      ...onlyAdministrators,
      409: 'Nobody would be left to administer, or it is your own password',
    },
  })
  async change(
    @Param('username') username: string,
    @Body(new Parsed(changeAccountRequestSchema)) body: ChangeAccountRequest,
    @CurrentUser() { username: own }: User,
    @Req() request: Request,
  ): Promise<Account> {
    const { password, ...details } = body;
    noteAudit(request, { details: { ...details, ...(password === undefined ? {} : { password: 'new' }) } });
    if (password !== undefined) {
      // It would spare who found a browser signed in the current password.
      if (username === own) throw conflict('Change your own password at /api/auth/password.');
      requireUsable(password, username, 'password');
    }
    const changed = await this.users.change(username, body);
    if (typeof changed === 'string') throw refused(changed);
    return changed;
  }

  @Delete(':username')
  @HttpCode(204)
  @ForPeople()
  @Audited('user.removed')
  @Describes({
    summary: 'Removes a user, with the API tokens the user made',
    status: 204,
    notFound: true,
    problems: { ...onlyAdministrators, 409: 'Nobody would be left to administer' },
  })
  async remove(@Param('username') username: string): Promise<void> {
    const refusal = await this.users.remove(username);
    if (refusal !== undefined) throw refused(refusal);
  }

  @Post(':username/sign-in-link')
  @ForPeople()
  @Audited('user.link-made')
  @Describes({
    summary:
      'Makes a link that signs this user in, once, within the hour. It is shown in this answer, and never again',
    answer: signInLinkSchema,
    status: 201,
    notFound: true,
    problems: { ...onlyAdministrators, 409: 'The user is disabled' },
  })
  async link(
    @Param('username') username: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignInLink> {
    const user = await this.users.find(username);
    if (!user) throw refused('no such user');
    if (user.disabledAt !== null) throw conflict('This user is disabled.');
    response.setHeader('cache-control', 'no-store');
    return this.links.make(username, `${request.protocol}://${request.headers.host ?? ''}`);
  }
}

function refused(refusal: Refusal) {
  return refusal === 'no such user'
    ? notFound('There is no such user.')
    : conflict('Nobody would be left to administer. Make another administrator first.');
}
