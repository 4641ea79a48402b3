/* A vocabulary and its index, as tokens.py lays them down once.
 *
 * The index is an open hash table: a slot holds the upper half of a token's hash beside its number
 * plus 1, or 0 where it is free. lines: token i is the bytes from starts[i] up to the line break
 * before starts[i + 1]. mask: the number of slots, a power of two, less 1. */

#ifndef VOCABULARY_H
#define VOCABULARY_H

#include <stdint.h>
#include <string.h>

/* As in corpus/vocabulary.py. */
enum { PADDING = 0, UNKNOWN = 1, FIRST_TOKEN = 2 };

/* The most slots that are passed for a place in a table. Among millions of tokens it takes a
 * hundred; an untrusted model may have tokens that were chosen to be in one another's way, and
 * would take hours. */
enum { LONGEST_SEARCH = 4096 };

typedef struct {
    const uint8_t *lines;
    const int64_t *starts;
    uint64_t *slots;
    uint64_t mask;
} Vocabulary;

/* A token in a text: length bytes from start on. */
typedef struct {
    const uint8_t *start;
    int64_t length;
    uint64_t hash;
} Token;

/* The hash is FNV-1a (Fowler, Noll, Vo), the bits then mixed: the index uses the lower ones for a
 * place. */
#define FIRST_HASH 0xcbf29ce484222325u

static inline uint64_t next_hash(uint64_t hash, uint8_t byte)
{
    return (hash ^ byte) * 0x100000001b3u;
}

static inline Token token_of(const uint8_t *start, const uint8_t *end, uint64_t hash)
{
    hash ^= hash >> 32;
    return (Token){start, end - start, hash * 0x9e3779b97f4a7c15u};
}

/* Return the slot at which the search for a token begins. */
static inline uint64_t first_slot(const Vocabulary *vocabulary, const Token *token)
{
    return token->hash >> 20 & vocabulary->mask;
}

/* Return the slot of a token, or the free slot where it would stand. */
static inline uint64_t *find_slot(const Vocabulary *vocabulary, const Token *token)
{
    uint64_t mark = token->hash >> 32;
    for (uint64_t at = first_slot(vocabulary, token);; at = (at + 1) & vocabulary->mask) {
        uint64_t *slot = &vocabulary->slots[at];
        if (*slot == 0)
            return slot;
        if (*slot >> 32 != mark)
            continue;
        const int64_t *start = &vocabulary->starts[(uint32_t)*slot - 1];
        if (start[1] - 1 - start[0] == token->length &&
            memcmp(vocabulary->lines + start[0], token->start, (size_t)token->length) == 0)
            return slot;
    }
}

#endif
