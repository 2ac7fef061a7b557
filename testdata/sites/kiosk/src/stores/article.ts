export interface Article { name: string }
