/**
 * Lua as Argo CD runs it: the base and table libraries, `require("os")` with `date` and `time`, and
 * nothing else, so a script that uses `string`, `io` or the global `os` fails here too. fengari is
 * Lua 5.3; what it has beyond 5.1 is taken away where that is possible.
 */
import { type LuaState, lauxlib, lua, lualib, to_luastring } from 'fengari';

export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export type JsonMap = { readonly [key: string]: Json };

/** In the base and table libraries of 5.3, and not in those of 5.1. */
const NEWER_THAN_5_1 = 'rawlen = nil; table.pack = nil; table.unpack = nil; table.move = nil';

/** A key, a value, and what converts them: Lua's stack has 20 places unless one asks for more. */
const STACK_PER_LEVEL = 4;

/** Runs a script with these globals and gives what it returns; an error of the script is thrown. */
export function runLua(script: string, globals: JsonMap, now: Date): Json {
  const L = lauxlib.luaL_newstate();
  openLibraries(L, now);
  for (const [name, value] of Object.entries(globals)) {
    push(L, value);
    lua.lua_setglobal(L, to_luastring(name));
  }
  return evaluate(L, script);
}

function evaluate(L: LuaState, script: string): Json {
  const loaded = lauxlib.luaL_loadbuffer(L, to_luastring(script), null, to_luastring('script'));
  const failed = loaded !== lua.LUA_OK || lua.lua_pcall(L, 0, 1, 0) !== lua.LUA_OK;
  if (failed) throw new Error(lua.lua_tojsstring(L, -1));
  return pull(L, -1);
}

function openLibraries(L: LuaState, now: Date): void {
  lauxlib.luaL_requiref(L, to_luastring('_G'), lualib.luaopen_base, 1);
  lauxlib.luaL_requiref(L, to_luastring('table'), lualib.luaopen_table, 1);
  lua.lua_pop(L, 2);
  lua.lua_pushcfunction(L, (state) => requireOs(state, now));
  lua.lua_setglobal(L, to_luastring('require'));
  evaluate(L, NEWER_THAN_5_1);
}

function requireOs(L: LuaState, now: Date): number {
  const name = lua.lua_tojsstring(L, 1);
  if (name !== 'os') lauxlib.luaL_error(L, to_luastring(`module '${name}' not found`));
  lua.lua_createtable(L, 0, 2);
  lua.lua_pushcfunction(L, (state) => {
    push(state, dateText(lua.lua_tojsstring(state, 1), now));
    return 1;
  });
  lua.lua_setfield(L, -2, to_luastring('date'));
  lua.lua_pushcfunction(L, (state) => {
    push(state, Math.floor(now.getTime() / 1000));
    return 1;
  });
  lua.lua_setfield(L, -2, to_luastring('time'));
  return 1;
}

/** What `os.date` gives for the formats in use: UTC only, since a server's zone is nobody's business. */
function dateText(format: string, now: Date): string {
  const [date = '', time = ''] = now.toISOString().slice(0, 19).split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  const parts: Readonly<Record<string, string>> = { Y: year, m: month, d: day, X: time };
  if (!format.startsWith('!'))
    throw new Error(`os.date("${format}") is not in UTC: start it with !`);
  return format.slice(1).replace(/%(.)/g, (whole, letter: string) => parts[letter] ?? whole);
}

function push(L: LuaState, value: Json): void {
  lua.lua_checkstack(L, STACK_PER_LEVEL);
  if (value === null) lua.lua_pushnil(L);
  else if (typeof value === 'boolean') lua.lua_pushboolean(L, value);
  else if (typeof value === 'string') lua.lua_pushstring(L, to_luastring(value));
  else if (typeof value === 'number') pushNumber(L, value);
  else if (isList(value)) pushList(L, value);
  else pushMap(L, value);
}

/** 5.1 has one kind of number and prints 2 as `2`; in 5.3 only an integer does so. */
function pushNumber(L: LuaState, value: number): void {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) lua.lua_pushinteger(L, value);
  else lua.lua_pushnumber(L, value);
}

function pushList(L: LuaState, list: readonly Json[]): void {
  lua.lua_createtable(L, list.length, 0);
  for (const [index, item] of list.entries()) {
    push(L, item);
    lua.lua_seti(L, -2, index + 1);
  }
}

function pushMap(L: LuaState, map: JsonMap): void {
  lua.lua_createtable(L, 0, 0);
  for (const [key, value] of Object.entries(map)) {
    push(L, value);
    lua.lua_setfield(L, -2, to_luastring(key));
  }
}

function pull(L: LuaState, index: number): Json {
  switch (lua.lua_type(L, index)) {
    case lua.LUA_TNIL:
      return null;
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(L, index);
    case lua.LUA_TNUMBER:
      return lua.lua_tonumber(L, index);
    case lua.LUA_TSTRING:
      return lua.lua_tojsstring(L, index);
    case lua.LUA_TTABLE:
      return pullTable(L, lua.lua_absindex(L, index));
    default:
      throw new Error('The script returned something that is no JSON, such as a function.');
  }
}

/** A table without keys becomes an empty list, as in Argo CD: Lua cannot tell it from an empty map. */
function pullTable(L: LuaState, index: number): Json {
  lua.lua_checkstack(L, STACK_PER_LEVEL);
  const entries: [key: string | number, value: Json][] = [];
  lua.lua_pushnil(L);
  while (lua.lua_next(L, index) !== 0) {
    const isNumber = lua.lua_type(L, -2) === lua.LUA_TNUMBER;
    const key = isNumber ? lua.lua_tonumber(L, -2) : lua.lua_tojsstring(L, -2);
    entries.push([key, pull(L, -1)]);
    lua.lua_pop(L, 1);
  }
  if (entries.some(([key]) => typeof key === 'string')) return Object.fromEntries(entries);
  return entries.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value);
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
