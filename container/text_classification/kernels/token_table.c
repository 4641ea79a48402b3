/* From text to provisional ids: tokens are cut and numbered in order of appearance;
 * token_table_reference.py says the same in Python, and tests hold the two together.
 *
 * A rule says what becomes of each byte: the byte that stands for it in a token; GAP, which ends a
 * token; GONE, which leaves no trace; or ALONE with a byte that is a token of its own.
 */

#include "vocabulary.h"

/* As in token_table.py. TOGETHER: tokens that are read before the first of them is looked up. */
enum { GAP = 256, GONE = 257, ALONE = 512, RULES = 256, TOGETHER = 64 };

/* Tokens and their index, as token_table.py lays them down. The index is filled from texts that may
 * be anyone's: its hashes begin with a number that was drawn. */
typedef struct {
    Vocabulary known;
    int64_t tokens, token_room; /* room: in starts; there are at least twice as many slots */
    int64_t bytes, byte_room;   /* of the lines */
    uint64_t first_hash;
} TokenTable;

/* Documents one behind the other, and how far they are read. */
typedef struct {
    const uint8_t *text;
    const int64_t *ends;   /* [documents]: where each ends in the text */
    const uint8_t *chosen; /* [documents]: which rules it is cut by */
    const uint16_t *rules; /* [2, RULES] */
    int64_t documents;
    uint8_t *scratch;      /* as large as the text */
    int32_t *ids;          /* as many as the text has bytes */
    int64_t *lengths;      /* [documents], of 0: the tokens of each */
    int64_t document, at, written; /* the next to read; ids so far */
    int64_t needed;        /* bytes that the lines need room for where they lack it */
} Documents;

/* Read tokens of a document, up to TOGETHER, into scratch, one behind the other. Returns how many;
 * *text is moved behind them. Their slots are fetched meanwhile: the index does not fit a cache. */
static inline int cut_tokens(const TokenTable *table, const uint16_t *rules, const uint8_t **text,
                             const uint8_t *end, uint8_t *scratch, Token *tokens)
{
    const uint8_t *at = *text;
    int count = 0;
    while (at < end && count < TOGETHER) {
        uint8_t *start = scratch;
        uint64_t hash = table->first_hash;
        uint16_t rule = GAP;
        for (; at < end; at++) {
            rule = rules[*at];
            if (rule < GAP) {
                *scratch++ = (uint8_t)rule;
                hash = next_hash(hash, (uint8_t)rule);
            } else if (rule != GONE) {
                break;
            }
        }
        if (scratch == start) {
            if (at == end)
                break;
            at++;
            if (rule == GAP)
                continue;
            *scratch++ = (uint8_t)rule;
            hash = next_hash(hash, (uint8_t)rule);
        }
        tokens[count] = token_of(start, scratch, hash);
        __builtin_prefetch(&table->known.slots[first_slot(&table->known, &tokens[count++])]);
    }
    *text = at;
    return count;
}

/* Fetch what the first slots of tokens lead to, all at a time: of a large table little is in a cache,
 * and one token would wait three times. */
static inline void fetch_known(const Vocabulary *known, const Token *tokens, int count)
{
    uint32_t numbers[TOGETHER];
    for (int i = 0; i < count; i++) {
        numbers[i] = (uint32_t)known->slots[first_slot(known, &tokens[i])];
        if (numbers[i])
            __builtin_prefetch(&known->starts[numbers[i] - 1]);
    }
    for (int i = 0; i < count; i++)
        if (numbers[i])
            __builtin_prefetch(known->lines + known->starts[numbers[i] - 1]);
}

/* Return the number of a token; it is added where it is new, for which there is room. */
static inline int32_t number_of(TokenTable *table, const Token *token)
{
    uint64_t *slot = find_slot(&table->known, token);
    if (*slot == 0) {
        uint8_t *line = (uint8_t *)table->known.lines + table->bytes;
        memcpy(line, token->start, (size_t)token->length);
        line[token->length] = '\n';
        table->bytes += token->length + 1;
        ((int64_t *)table->known.starts)[++table->tokens] = table->bytes;
        *slot = token->hash >> 32 << 32 | (uint64_t)table->tokens;
    }
    return (int32_t)((uint32_t)*slot - 1);
}

/* Number the tokens of documents. Returns 1 when all are read, and 0 where the table needs more
 * room first: for TOGETHER tokens, and for the bytes that are noted as needed. */
int64_t number_tokens(TokenTable *table, Documents *documents)
{
    Token tokens[TOGETHER];
    for (; documents->document < documents->documents; documents->document++) {
        const uint16_t *rules = documents->rules + RULES * documents->chosen[documents->document];
        const uint8_t *end = documents->text + documents->ends[documents->document];
        while (documents->text + documents->at < end) {
            const uint8_t *text = documents->text + documents->at;
            int count = cut_tokens(table, rules, &text, end, documents->scratch, tokens);
            int64_t bytes = TOGETHER;
            for (int i = 0; i < count; i++)
                bytes += tokens[i].length;
            documents->needed = table->bytes + bytes;
            if (table->tokens + TOGETHER > table->token_room || documents->needed > table->byte_room)
                return 0;
            fetch_known(&table->known, tokens, count);
            for (int i = 0; i < count; i++)
                documents->ids[documents->written++] = number_of(table, &tokens[i]);
            documents->lengths[documents->document] += count;
            documents->at = text - documents->text;
        }
    }
    return 1;
}

/* Fill new slots, all 0, with the tokens of a table. */
void index_numbered(TokenTable *table)
{
    const Vocabulary *known = &table->known;
    for (int64_t i = 0; i < table->tokens; i++) {
        const uint8_t *start = known->lines + known->starts[i];
        const uint8_t *end = known->lines + known->starts[i + 1] - 1;
        uint64_t hash = table->first_hash;
        for (const uint8_t *at = start; at < end; at++)
            hash = next_hash(hash, *at);
        Token token = token_of(start, end, hash);
        uint64_t at = first_slot(known, &token);
        while (known->slots[at])
            at = (at + 1) & known->mask;
        known->slots[at] = token.hash >> 32 << 32 | (uint64_t)(i + 1);
    }
}
