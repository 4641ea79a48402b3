/* From text to token ids; reference.py says the same in Python, and tests hold the two together.
 *
 * Texts come in UTF-8 with their tokens set apart by spaces and a line break behind each document
 * or vocabulary token. The caller has checked that the last byte is a line break.
 */

#include "vocabulary.h"

/* Tokens that are read before the first of them is looked up. */
enum { TOGETHER = 64 };

/* Return the token that begins here and ends before a gap or a line break. */
static inline Token read_token(const uint8_t *start, uint8_t gap)
{
    const uint8_t *at = start;
    uint64_t hash = FIRST_HASH;
    for (; *at != gap && *at != '\n'; at++)
        hash = next_hash(hash, *at);
    return token_of(start, at, hash);
}

/* Fill the slots, all 0, with count tokens; there are at least 2 * count of them.
 *
 * Returns the number of the first token that stood before, or found no place within
 * LONGEST_SEARCH; or count. */
int64_t index_tokens(const Vocabulary *vocabulary, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        Token token = read_token(vocabulary->lines + vocabulary->starts[i], '\n');
        uint64_t *slot = find_slot(vocabulary, &token);
        uint64_t passed = (uint64_t)(slot - vocabulary->slots) - first_slot(vocabulary, &token);
        if (*slot || (passed & vocabulary->mask) > LONGEST_SEARCH)
            return i;
        *slot = token.hash >> 32 << 32 | (uint64_t)(i + 1);
    }
    return count;
}

/* Read tokens of a document, up to TOGETHER, and return how many; *text is moved behind them. Their
 * slots are fetched meanwhile: the index does not fit a cache. */
static inline int read_tokens(const Vocabulary *vocabulary, const uint8_t **text, Token *tokens)
{
    const uint8_t *at = *text;
    int count = 0;
    while (*at != '\n' && count < TOGETHER) {
        if (*at == ' ') {
            at++;
            continue;
        }
        tokens[count] = read_token(at, ' ');
        at += tokens[count].length;
        __builtin_prefetch(&vocabulary->slots[first_slot(vocabulary, &tokens[count++])]);
    }
    *text = at;
    return count;
}

/* Encode documents: the ids of the first longest tokens of each, then up to padding ids of
 * PADDING, together no more than longest.
 *
 * ids: room for all of them. numbers: [documents + 1 + documents + documents]: the offsets, document
 * b is ids[offsets[b]:offsets[b + 1]]; how many tokens each whole document holds; how many of those
 * the vocabulary does not. Returns the number of ids. */
int64_t encode_documents(const Vocabulary *vocabulary, const uint8_t *text, int64_t bytes,
                         int64_t documents, int64_t longest, int64_t padding, int32_t *ids,
                         int64_t *numbers)
{
    int64_t *offsets = numbers, *tokens = offsets + documents + 1, *unknown = tokens + documents;
    const uint8_t *at = text, *end = text + bytes;
    int32_t *id = ids;
    Token found[TOGETHER];
    *offsets = 0;
    while (at < end) {
        int32_t *limit = id + longest;
        int64_t read = 0, strange = 0;
        while (*at != '\n') {
            int count = read_tokens(vocabulary, &at, found);
            for (int i = 0; i < count; i++) {
                uint64_t slot = *find_slot(vocabulary, &found[i]);
                if (id < limit)
                    *id++ = slot ? (int32_t)((uint32_t)slot - 1) + FIRST_TOKEN : UNKNOWN;
                strange += slot == 0;
            }
            read += count;
        }
        at++;
        for (int64_t n = 0; n < padding && id < limit; n++)
            *id++ = PADDING;
        *++offsets = id - ids;
        *tokens++ = read;
        *unknown++ = strange;
    }
    return id - ids;
}
