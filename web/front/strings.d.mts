export function stringsIn(source: string): { keys: string[]; calls: number; found: number };
export function sources(directory: string): Promise<string[]>;
export function stringKeys(directory: string): Promise<string[]>;
