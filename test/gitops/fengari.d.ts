/** The few functions of fengari that the tests call: Lua's C API, whose names it keeps. */
declare module 'fengari' {
  /** A Lua string: bytes. */
  type LuaString = Uint8Array;
  /** An interpreter with its stack; only passed on. */
  type LuaState = { readonly state: unique symbol };
  /** Pushes its results and returns how many they are. */
  type LuaFunction = (L: LuaState) => number;

  export function to_luastring(text: string): LuaString;

  export const lua: {
    readonly LUA_OK: number;
    readonly LUA_TNIL: number;
    readonly LUA_TBOOLEAN: number;
    readonly LUA_TNUMBER: number;
    readonly LUA_TSTRING: number;
    readonly LUA_TTABLE: number;
    lua_absindex(L: LuaState, index: number): number;
    lua_checkstack(L: LuaState, places: number): boolean;
    lua_createtable(L: LuaState, items: number, fields: number): void;
    lua_next(L: LuaState, index: number): number;
    lua_pcall(L: LuaState, args: number, results: number, handler: number): number;
    lua_pop(L: LuaState, count: number): void;
    lua_pushboolean(L: LuaState, value: boolean): void;
    lua_pushcfunction(L: LuaState, value: LuaFunction): void;
    lua_pushinteger(L: LuaState, value: number): void;
    lua_pushnil(L: LuaState): void;
    lua_pushnumber(L: LuaState, value: number): void;
    lua_pushstring(L: LuaState, value: LuaString): void;
    lua_setfield(L: LuaState, index: number, key: LuaString): void;
    lua_setglobal(L: LuaState, name: LuaString): void;
    lua_seti(L: LuaState, index: number, key: number): void;
    lua_toboolean(L: LuaState, index: number): boolean;
    lua_tojsstring(L: LuaState, index: number): string;
    lua_tonumber(L: LuaState, index: number): number;
    lua_type(L: LuaState, index: number): number;
  };
  export const lauxlib: {
    luaL_error(L: LuaState, message: LuaString): never;
    luaL_loadbuffer(L: LuaState, code: LuaString, size: null, name: LuaString): number;
    luaL_newstate(): LuaState;
    luaL_requiref(L: LuaState, name: LuaString, open: LuaFunction, global: 0 | 1): void;
  };
  export const lualib: {
    readonly luaopen_base: LuaFunction;
    readonly luaopen_table: LuaFunction;
  };
}
