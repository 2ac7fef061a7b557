import type { Article } from './article'
export const basket: Article[] = []
