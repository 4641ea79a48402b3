/* From text to token ids; twins.py says the same in Python, and tests hold the two together.
 *
 * Texts come in UTF-8 with their tokens set apart by spaces and a line break behind each document
 * or vocabulary token. The caller has checked that the last byte is a line break.
 */

#include <stdint.h>
#include <string.h>

/* As in corpus/vocabulary.py. */
enum { PADDING = 0, UNKNOWN = 1, FIRST_TOKEN = 2 };

/* The vocabulary and its index, an open hash table: a slot holds the upper half of a token's hash
 * beside its number plus 1, or 0 where it is free. lines: token i is the bytes from starts[i] up
 * to the line break before starts[i + 1]. mask: the number of slots, a power of two, less 1. */
typedef struct {
    const uint8_t *lines;
    const int64_t *starts;
    uint64_t *slots;
    uint64_t mask;
} Vocabulary;

/* FNV-1a (Fowler, Noll, Vo), its bits then mixed: the table uses the lower ones. */
static inline uint64_t hash_token(const uint8_t *token, int64_t length)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (int64_t i = 0; i < length; i++)
        hash = (hash ^ token[i]) * 0x100000001b3u;
    hash ^= hash >> 32;
    return hash * 0x9e3779b97f4a7c15u;
}

/* Return the slot of a token, or the free slot where it would stand. */
static inline uint64_t *find_slot(const Vocabulary *vocabulary, const uint8_t *token,
                                  int64_t length)
{
    uint64_t hash = hash_token(token, length), mark = hash >> 32;
    for (uint64_t at = hash >> 20;; at++) {
        uint64_t *slot = &vocabulary->slots[at & vocabulary->mask];
        if (*slot == 0)
            return slot;
        if (*slot >> 32 != mark)
            continue;
        const int64_t *start = &vocabulary->starts[(uint32_t)*slot - 1];
        if (start[1] - 1 - start[0] == length &&
            memcmp(vocabulary->lines + start[0], token, (size_t)length) == 0)
            return slot;
    }
}

/* Fill the slots, all 0, with count tokens; there are at least 2 * count of them.
 *
 * Returns the number of the first token that stood before, or count. */
int64_t index_tokens(const uint8_t *lines, const int64_t *starts, int64_t count, uint64_t *slots,
                     int64_t mask)
{
    Vocabulary vocabulary = {lines, starts, slots, (uint64_t)mask};
    for (int64_t i = 0; i < count; i++) {
        int64_t length = starts[i + 1] - 1 - starts[i];
        uint64_t *slot = find_slot(&vocabulary, lines + starts[i], length);
        if (*slot)
            return i;
        *slot = hash_token(lines + starts[i], length) >> 32 << 32 | (uint64_t)(i + 1);
    }
    return count;
}

/* Encode documents: the ids of the first longest tokens of each, then up to padding ids of
 * PADDING, together no more than longest.
 *
 * ids: room for all of them; offsets: [documents + 1], document b is ids[offsets[b]:offsets[b+1]].
 * tokens, unknown: [documents], how many tokens the whole document holds, and how many of them
 * the vocabulary does not. */
void encode_documents(const uint8_t *documents, int64_t bytes, const uint8_t *lines,
                      const int64_t *starts, uint64_t *slots, int64_t mask, int64_t longest,
                      int64_t padding, int32_t *ids, int64_t *offsets, int64_t *tokens,
                      int64_t *unknown)
{
    Vocabulary vocabulary = {lines, starts, slots, (uint64_t)mask};
    const uint8_t *at = documents, *end = documents + bytes;
    int32_t *id = ids;
    *offsets = 0;
    while (at < end) {
        int32_t *limit = id + longest;
        int64_t read = 0, strange = 0;
        while (*at != '\n') {
            if (*at == ' ') {
                at++;
                continue;
            }
            const uint8_t *token = at;
            while (*at != ' ' && *at != '\n')
                at++;
            uint64_t slot = *find_slot(&vocabulary, token, at - token);
            int32_t found = slot ? (int32_t)((uint32_t)slot - 1) + FIRST_TOKEN : UNKNOWN;
            if (id < limit)
                *id++ = found;
            strange += found == UNKNOWN;
            read++;
        }
        at++;
        for (int64_t n = 0; n < padding && id < limit; n++)
            *id++ = PADDING;
        *++offsets = id - ids;
        *tokens++ = read;
        *unknown++ = strange;
    }
}
