import words from './words.json'
export default (word: keyof typeof words) => words[word]
