/* Pairs of token ids and their index, as pair_index.py lays them down once.
 *
 * The index is an open hash table: a slot holds a pair's number plus 1, or 0 where it is free.
 * mask: the number of slots, a power of two, less 1. */

#ifndef PAIRS_H
#define PAIRS_H

#include <stdint.h>

typedef struct {
    const int32_t *pairs; /* [pairs, 2], token ids */
    uint32_t *slots;
    uint64_t mask;
} PairIndex;

static inline uint64_t mixed(uint64_t key)
{
    key *= 0x9e3779b97f4a7c15u;
    return key ^ key >> 32;
}

static inline uint64_t pair_key(const int32_t *pair)
{
    return (uint64_t)(uint32_t)pair[0] << 32 | (uint32_t)pair[1];
}

/* Return the slot of a pair, or the free slot where it would stand. */
static inline uint32_t *find_pair(const PairIndex *index, uint64_t key)
{
    for (uint64_t at = mixed(key);; at++) {
        uint32_t *slot = &index->slots[at & index->mask];
        if (*slot == 0 || pair_key(index->pairs + 2 * (int64_t)(*slot - 1)) == key)
            return slot;
    }
}

#endif
