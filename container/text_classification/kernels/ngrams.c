/* Logits from word and character n-grams; ngram_reference.py says the same in Python, and tests hold
 * the two together.
 *
 * A document's distinct words and pairs of adjacent known words each have a row of numbers, one a
 * class. A word or pair that occurs n times counts 1 + log(n) times its row; the sum is divided by
 * the Euclidean length of what was summed, for which each row has a square. A word that the
 * vocabulary lacks has the mean direction of its known character n-grams for a row.
 */

#include <math.h>

#include "pairs.h"
#include "vocabulary.h"

/* The character n-grams of a word, between the marks that begin and end it. */
enum { SHORTEST = 3, LONGEST = 6, BEGIN = '<', END = '>' };

typedef struct {
    int64_t classes;
    int64_t known;             /* ids from here on are as those that the vocabulary lacks */
    const float *words;        /* [known, classes] */
    const float *word_squares; /* [known] */
    PairIndex pairs;
    const float *pair_rows;    /* [pairs, classes] */
    const float *pair_squares; /* [pairs] */
    Vocabulary characters;
    const float *character_rows;    /* [character n-grams, classes] */
    const float *character_squares; /* [character n-grams] */
    double strange;                 /* how much a word that the vocabulary lacks counts */
    uint64_t multiplier;            /* odd, and drawn when the model is loaded: words that a caller
                                     * has chosen must not all fall into one place */
} Ngrams;

/* A distinct word or pair of a document: token and length tell where an unknown word stands. */
typedef struct {
    uint64_t key;
    const uint8_t *token;
    int64_t length;
    int64_t count;
} Entry;

typedef struct {
    Entry *entries;
    int64_t count;
    uint32_t *slots;
    uint64_t mask, multiplier;
    int shift;
} Entries;

/* Keys of entries: a word's id; PAIR and a pair's number; STRANGE and an unknown word's hash. */
#define PAIR (1ull << 32)
#define STRANGE (1ull << 63)

/* Fill the slots of pairs, all 0; there are at least 2 * count of them.
 *
 * Returns the number of the first pair that stood before, or found no place within LONGEST_SEARCH;
 * or count. */
int64_t index_pairs(const PairIndex *index, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        uint64_t key = pair_key(index->pairs + 2 * i);
        uint32_t *slot = find_pair(index, key);
        uint64_t passed = (uint64_t)(slot - index->slots) - mixed(key);
        if (*slot || (passed & index->mask) > LONGEST_SEARCH)
            return i;
        *slot = (uint32_t)(i + 1);
    }
    return count;
}

/* The upper bits of the product with a multiplier that nobody knows are a place that nobody can
 * choose (Dietzfelbinger et al. 1997, A Reliable Randomized Algorithm for the Closest-Pair
 * Problem). */
static inline void count_entry(Entries *found, uint64_t key, const uint8_t *token, int64_t length)
{
    for (uint64_t at = key * found->multiplier >> found->shift;; at++) {
        uint32_t *slot = &found->slots[at & found->mask];
        if (*slot == 0) {
            found->entries[found->count] = (Entry){key, token, length, 1};
            *slot = (uint32_t)++found->count;
            return;
        }
        if (found->entries[*slot - 1].key == key) {
            found->entries[*slot - 1].count++;
            return;
        }
    }
}

/* Collect the distinct words and pairs of a line that holds the tokens of ids; return its end. */
static inline const uint8_t *read_line(const Ngrams *ngrams, const uint8_t *at, const int32_t *ids,
                                       int64_t tokens, Entries *found)
{
    found->count = 0;
    memset(found->slots, 0, (found->mask + 1) * sizeof *found->slots);
    for (int64_t i = 0; *at != '\n';) {
        if (*at == ' ') {
            at++;
            continue;
        }
        const uint8_t *token = at;
        uint64_t hash = FIRST_HASH;
        for (; *at != ' ' && *at != '\n'; at++)
            hash = next_hash(hash, *at);
        if (i == tokens)
            continue;
        if (ids[i] == UNKNOWN || ids[i] >= ngrams->known) {
            count_entry(found, STRANGE | token_of(token, at, hash).hash, token, at - token);
        } else {
            count_entry(found, (uint64_t)ids[i], token, at - token);
            if (i && ids[i - 1] != UNKNOWN) {
                uint32_t pair = *find_pair(&ngrams->pairs, pair_key(ids + i - 1));
                if (pair)
                    count_entry(found, PAIR | (pair - 1), token, 0);
            }
        }
        i++;
    }
    return at + 1;
}

static inline void add_row(float *restrict sums, const float *restrict row, float share,
                           int64_t classes)
{
    for (int64_t c = 0; c < classes; c++)
        sums[c] += share * row[c];
}

/* Sum the rows of the known character n-grams of a word; return the sum of their squares.
 *
 * spelled: scratch of two bytes more than the word has. */
static float spell(const Ngrams *ngrams, const Entry *word, uint8_t *spelled, float *sums)
{
    int64_t size = word->length + 2;
    float squares = 0;
    spelled[0] = BEGIN;
    memcpy(spelled + 1, word->token, (size_t)word->length);
    spelled[size - 1] = END;
    memset(sums, 0, (size_t)ngrams->classes * sizeof *sums);
    for (int64_t first = 0; first < size; first++) {
        if ((spelled[first] & 0xc0) == 0x80)
            continue; /* inside a character of UTF-8 */
        int64_t characters = 0;
        uint64_t hash = FIRST_HASH;
        for (int64_t last = first + 1; last <= size && characters < LONGEST; last++) {
            hash = next_hash(hash, spelled[last - 1]);
            if (last < size && (spelled[last] & 0xc0) == 0x80)
                continue;
            if (++characters < SHORTEST)
                continue;
            Token ngram = token_of(spelled + first, spelled + last, hash);
            uint64_t slot = *find_slot(&ngrams->characters, &ngram);
            if (!slot)
                continue;
            int64_t row = (int64_t)(uint32_t)slot - 1;
            add_row(sums, ngrams->character_rows + row * ngrams->classes, 1, ngrams->classes);
            squares += ngrams->character_squares[row];
        }
    }
    return squares;
}

/* Logits of documents.
 *
 * text: their tokens, set apart by spaces, a line break behind each document; ids: all tokens'
 * ids, offsets[b] the first of document b. entries: scratch for two a token of the longest
 * document; slots: scratch, a power of two above twice that; spelled: scratch of two bytes more
 * than the longest word; sums: scratch of a number a class. logits: [documents, classes]. */
void ngram_logits(const Ngrams *ngrams, const uint8_t *text, const int32_t *ids,
                  const int64_t *offsets, int64_t documents, Entry *entries, uint32_t *slots,
                  uint8_t *spelled, float *sums, float *logits)
{
    int64_t classes = ngrams->classes;
    for (int64_t b = 0; b < documents; b++, logits += classes) {
        int64_t tokens = offsets[b + 1] - offsets[b];
        Entries found = {entries, 0, slots, 1, ngrams->multiplier, 63};
        for (; (int64_t)found.mask <= 4 * tokens; found.shift--)
            found.mask = 2 * found.mask + 1;
        text = read_line(ngrams, text, ids + offsets[b], tokens, &found);
        memset(logits, 0, (size_t)classes * sizeof *logits);
        float squares = 0;
        for (const Entry *entry = entries; entry < entries + found.count; entry++) {
            float times = 1 + logf((float)entry->count), square;
            const float *row;
            float share = times;
            if (entry->key & STRANGE) {
                float length = spell(ngrams, entry, spelled, sums);
                if (length <= 0)
                    continue;
                row = sums;
                square = (float)(ngrams->strange * ngrams->strange);
                share *= (float)ngrams->strange / sqrtf(length);
            } else if (entry->key & PAIR) {
                row = ngrams->pair_rows + (int64_t)(uint32_t)entry->key * classes;
                square = ngrams->pair_squares[(uint32_t)entry->key];
            } else {
                row = ngrams->words + (int64_t)entry->key * classes;
                square = ngrams->word_squares[entry->key];
            }
            add_row(logits, row, share, classes);
            squares += times * times * square;
        }
        float shrink = squares > 0 ? 1 / sqrtf(squares) : 0;
        for (int64_t c = 0; c < classes; c++)
            logits[c] *= shrink;
    }
}
