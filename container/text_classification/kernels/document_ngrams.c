/* Documents in token ids: how many have each n-gram, and their n-grams as features of a linear
 * model. document_ngrams_reference.py says the same in Python, and tests hold the two together.
 */

#include <math.h>
#include <string.h>

#include "kernels.h"
#include "pairs.h"
#include "vocabulary.h"

typedef struct {
    const int32_t *ids;        /* of all documents of a corpus, one behind the other */
    const int64_t *offsets;    /* where each document begins, and where the last one ends */
    const uint32_t *documents; /* which of them are read, in this order */
    const int32_t *numbers;    /* [tokens], the id in the vocabulary of each */
    int64_t tokens;
} Documents;

/* Tell whether all ids of documents [first, last) are tokens. */
int64_t ids_fit(const Documents *documents, int64_t first, int64_t last)
{
    for (int64_t d = first; d < last; d++) {
        const int64_t *own = documents->offsets + documents->documents[d];
        uint32_t largest = 0;
        for (const int32_t *id = documents->ids + own[0]; id < documents->ids + own[1]; id++)
            largest = (uint32_t)*id > largest ? (uint32_t)*id : largest;
        if (own[0] < own[1] && largest >= documents->tokens)
            return 0;
    }
    return 1;
}

/* Add to counts [tokens] how many of documents [first, last) have each token.
 *
 * seen: scratch, [tokens], -1 at first. */
void count_tokens(const Documents *documents, int64_t first, int64_t last, int32_t *seen,
                  int64_t *counts)
{
    for (int64_t d = first; d < last; d++) {
        const int64_t *own = documents->offsets + documents->documents[d];
        for (const int32_t *id = documents->ids + own[0]; id < documents->ids + own[1]; id++) {
            counts[*id] += seen[*id] != (int32_t)d;
            seen[*id] = (int32_t)d;
        }
    }
}

/* A pair of words, how many documents have it, and the last of them. */
typedef struct {
    uint64_t key;
    int32_t count, document;
} CountedPair;

typedef struct {
    CountedPair *pairs; /* [room] */
    uint32_t *slots;    /* an open hash table: a pair's number plus 1, or 0 */
    uint64_t mask;
    int64_t room;
    int64_t count;
    int64_t least; /* pairs of so few documents were dropped */
    uint64_t part; /* the pairs whose hash has this number in its upper PART_BITS */
} PairCounts;

/* The pairs are counted in so many parts, each by one thread. */
enum { PART_BITS = 2, TOGETHER = 64 };

/* Drop the pairs of the fewest documents until half of the room is free. */
static void drop_pairs(PairCounts *found)
{
    int64_t kept;
    for (;; found->least++) {
        kept = 0;
        for (int64_t i = 0; i < found->count; i++)
            kept += found->pairs[i].count > found->least;
        if (kept <= found->room / 2)
            break;
    }
    kept = 0;
    for (int64_t i = 0; i < found->count; i++)
        if (found->pairs[i].count > found->least)
            found->pairs[kept++] = found->pairs[i];
    found->count = kept;
    memset(found->slots, 0, (found->mask + 1) * sizeof *found->slots);
    for (int64_t i = 0; i < kept; i++) {
        uint64_t at = mixed(found->pairs[i].key);
        while (found->slots[at & found->mask])
            at++;
        found->slots[at & found->mask] = (uint32_t)(i + 1);
    }
}

static inline void count_pair(PairCounts *found, uint64_t key, int32_t document)
{
    for (uint64_t at = mixed(key);; at++) {
        uint32_t *slot = &found->slots[at & found->mask];
        if (*slot == 0) {
            found->pairs[found->count] = (CountedPair){key, 1, document};
            *slot = (uint32_t)++found->count;
            if (found->count == found->room)
                drop_pairs(found);
            return;
        }
        CountedPair *pair = &found->pairs[*slot - 1];
        if (pair->key == key) {
            pair->count += pair->document != document;
            pair->document = document;
            return;
        }
    }
}

/* Count the documents of a batch of pairs, whose slots and numbers are fetched meanwhile. */
static void count_batch(PairCounts *found, const uint64_t *keys, int64_t count, int32_t document)
{
    for (int64_t i = 0; i < count; i++)
        __builtin_prefetch(&found->slots[mixed(keys[i]) & found->mask]);
    for (int64_t i = 0; i < count; i++) {
        uint32_t slot = found->slots[mixed(keys[i]) & found->mask];
        __builtin_prefetch(&found->pairs[slot ? slot - 1 : 0]);
    }
    for (int64_t i = 0; i < count; i++)
        count_pair(found, keys[i], document);
}

/* Count in how many of documents [first, last) each pair of adjacent known words stands.
 *
 * Only pairs of one part. Where there are more than found->room, those of the fewest documents are
 * dropped whenever it is full, and one that comes back is counted from then on. */
void count_pairs(const Documents *documents, int64_t first, int64_t last, PairCounts *found)
{
    for (int64_t d = first; d < last; d++) {
        const int64_t *own = documents->offsets + documents->documents[d];
        uint64_t keys[TOGETHER];
        int64_t count = 0;
        int32_t before = UNKNOWN;
        for (const int32_t *id = documents->ids + own[0]; id < documents->ids + own[1]; id++) {
            int32_t number = documents->numbers[*id];
            uint64_t key = (uint64_t)(uint32_t)before << 32 | (uint32_t)number;
            int known = before >= FIRST_TOKEN && number >= FIRST_TOKEN;
            before = number;
            keys[count] = key;
            count += known && mixed(key) >> (64 - PART_BITS) == found->part;
            if (count == TOGETHER) {
                count_batch(found, keys, count, (int32_t)d);
                count = 0;
            }
        }
        count_batch(found, keys, count, (int32_t)d);
    }
}

/* How much each n-gram counts. A word's character n-grams are spelled[spelled_offsets[token]] and
 * those that follow, up to the next token's. */
typedef struct {
    const float *weights; /* [tokens] */
    const float *squares; /* [tokens], what one adds to the square of a document's length */
    PairIndex pairs;
    const float *pair_weights;
    const int64_t *spelled_offsets; /* [tokens + 1] */
    const int32_t *spelled;
    const float *spelled_weights;
    int64_t first_pair, first_character; /* the columns of the first of each */
} Weights;

/* What a document holds of one kind: the distinct n-grams, and how often, or how much, of each. */
typedef struct {
    int32_t *distinct;
    float *times;
    int64_t count;
} Found;

static inline void add_found(Found *found, int32_t number, float times)
{
    if (found->times[number] == 0)
        found->distinct[found->count++] = number;
    found->times[number] += times;
}

/* Return 1 + log of how often an n-gram was found, and forget it. */
static inline float take_times(Found *found, int32_t number)
{
    float times = found->times[number];
    found->times[number] = 0;
    return times == 1 ? 1 : 1 + logf(times);
}

static void find_pairs(const Documents *documents, const Weights *weights, const int64_t *own,
                       Found *pairs)
{
    int32_t before = UNKNOWN;
    uint64_t keys[TOGETHER];
    int64_t count = 0;
    for (int64_t at = own[0]; at <= own[1]; at++) {
        if (count == TOGETHER || at == own[1]) {
            const PairIndex *index = &weights->pairs;
            for (int64_t i = 0; i < count; i++) {
                uint32_t slot = index->slots[mixed(keys[i]) & index->mask];
                __builtin_prefetch(index->pairs + (slot ? 2 * (int64_t)(slot - 1) : 0));
            }
            for (int64_t i = 0; i < count; i++) {
                uint32_t number = *find_pair(index, keys[i]);
                if (number)
                    add_found(pairs, (int32_t)(number - 1), 1);
            }
            count = 0;
        }
        if (at == own[1])
            return;
        int32_t number = documents->numbers[documents->ids[at]];
        if (before >= FIRST_TOKEN && number >= FIRST_TOKEN) {
            keys[count] = (uint64_t)(uint32_t)before << 32 | (uint32_t)number;
            __builtin_prefetch(&weights->pairs.slots[mixed(keys[count++]) & weights->pairs.mask]);
        }
        before = number;
    }
}

typedef struct {
    float *values;
    int32_t *features;
    int64_t count;
    double square;
} Row;

static inline void add_feature(Row *row, int64_t feature, float value)
{
    row->features[row->count] = (int32_t)feature;
    row->values[row->count++] = value;
}

static void write_words(const Documents *documents, const Weights *weights, Found *tokens,
                        Found *characters, Row *row)
{
    for (int64_t i = 0; i < tokens->count; i++) {
        int32_t token = tokens->distinct[i], number = documents->numbers[token];
        float times = take_times(tokens, token), value = times * weights->weights[token];
        row->square += (double)(times * times * weights->squares[token]);
        if (number >= FIRST_TOKEN)
            add_feature(row, number, value);
        int64_t end = weights->spelled_offsets[token + 1];
        for (int64_t c = weights->spelled_offsets[token]; c < end; c++)
            add_found(characters, weights->spelled[c], value * weights->spelled_weights[c]);
    }
    tokens->count = 0;
}

static void write_pairs(const Weights *weights, Found *pairs, Row *row)
{
    for (int64_t i = 0; i < pairs->count; i++) {
        float value = take_times(pairs, pairs->distinct[i]) *
                      weights->pair_weights[pairs->distinct[i]];
        row->square += (double)(value * value);
        add_feature(row, weights->first_pair + pairs->distinct[i], value);
    }
    pairs->count = 0;
}

static void write_characters(const Weights *weights, Found *characters, Row *row)
{
    for (int64_t i = 0; i < characters->count; i++) {
        int32_t number = characters->distinct[i];
        add_feature(row, weights->first_character + number, characters->times[number]);
        characters->times[number] = 0;
    }
    characters->count = 0;
}

/* Write the features of documents [first, last), each of length 1.
 *
 * found: scratch for tokens, pairs and character n-grams, all of times 0. lengths
 * [last - first]: how many each document has. values, features: room for all of them. Returns
 * their number. */
EACH_PROCESSOR
int64_t write_features(const Documents *documents, const Weights *weights, int64_t first,
                       int64_t last, Found *found, int64_t *lengths, float *values,
                       int32_t *features)
{
    Found *tokens = found, *pairs = found + 1, *characters = found + 2;
    Row row = {values, features, 0, 0};
    for (int64_t d = first; d < last; d++) {
        const int64_t *own = documents->offsets + documents->documents[d];
        int64_t begin = row.count;
        row.square = 0;
        for (int64_t at = own[0]; at < own[1]; at++)
            add_found(tokens, documents->ids[at], 1);
        find_pairs(documents, weights, own, pairs);
        write_words(documents, weights, tokens, characters, &row);
        write_pairs(weights, pairs, &row);
        write_characters(weights, characters, &row);
        float shrink = row.square > 0 ? (float)(1 / sqrt(row.square)) : 0;
        for (int64_t i = begin; i < row.count; i++)
            values[i] *= shrink;
        *lengths++ = row.count - begin;
    }
    return row.count;
}
