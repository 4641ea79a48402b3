/* The answers of a model that is served, from tables; reference.py says the same in NumPy, and tests
 * hold the two together.
 *
 * A call works on some documents and keeps no state, so threads may share the tables. The caller
 * has checked the tables when it laid them down; ids and offsets are checked here.
 */

#include "kernels.h"

/* Filters whose maxima are kept at a time; numbers of a loop that become a vector. */
enum { TOGETHER = 256, LANES = 16 };

/* A model as look_up.py lays it down once.
 *
 * table: [rows, sum of widths * filters], the row of each frequent token, int8 or float. scales:
 * what 1 stands for in each filter's numbers. scales, biases: [count * filters]; dense:
 * [classes, count * filters]; bias: [classes]. */
typedef struct {
    const void *table;
    int64_t rows;
    const int32_t *widths;
    int64_t count, widest, filters;
    const float *scales, *biases, *dense, *bias;
    int64_t classes;
} Tables;

/* Add to each class's logit what features [first, first + count) say for it. */
ALWAYS_INLINE void add_to_logits(const Tables *tables, const float *features, int64_t first,
                                 int64_t count, float *logits)
{
    for (int64_t c = 0; c < tables->classes; c++) {
        const float *shares = tables->dense + c * tables->count * tables->filters + first;
        float sums[LANES] = {0};
        int64_t f = 0;
        for (; f + LANES <= count; f += LANES)
            for (int lane = 0; lane < LANES; lane++)
                sums[lane] += features[f + lane] * shares[f + lane];
        for (; f < count; f++)
            sums[0] += features[f] * shares[f];
        for (int half = LANES / 2; half; half /= 2)
            for (int lane = 0; lane < half; lane++)
                sums[lane] += sums[lane + half];
        logits[c] += sums[0];
    }
}

/* Features or, where scoring, scores of documents. Returns 0, with nothing done, where an id is
 * not in [0, rows + others) or the offsets do not fit: see documents_fit.
 *
 * rest: [others, columns], the rows of ids from rows on. ids: [length], document after document.
 * results: [documents, count * filters], maxima over time with bias and ReLU, or
 * [documents, classes]. The sum of WIDEST int8 numbers fits an int16. AHEAD: how many tokens ahead of
 * its use a row is fetched, so that it comes in time and is still in the nearest cache. */
#define LOOK_UP(NAME, NUMBER, SUM, LEAST, AHEAD)                                                  \
    /* Raise the maxima of filters to the sums of a window. */                                    \
    ALWAYS_INLINE void NAME##_window(const NUMBER *const *window, int width, int64_t filters,     \
                                     SUM *restrict best)                                          \
    {                                                                                             \
        for (int64_t f = 0; f < filters; f++) {                                                   \
            SUM sum = window[0][f];                                                               \
            for (int j = 1; j < width; j++)                                                       \
                sum = (SUM)(sum + window[j][f]);                                                  \
            best[f] = sum > best[f] ? sum : best[f];                                              \
        }                                                                                         \
    }                                                                                             \
                                                                                                  \
    /* Maxima over time of count filters; their numbers begin at a column of the tables. */       \
    ALWAYS_INLINE void NAME##_maxima(const Tables *tables, const NUMBER *rest, int64_t stride,    \
                                     const int32_t *ids, int64_t length, int width,               \
                                     int64_t column, int64_t count, SUM *restrict best)           \
    {                                                                                             \
        const NUMBER *table = tables->table, *window[WIDEST];                                     \
        int64_t rows = tables->rows;                                                              \
        for (int64_t f = 0; f < count; f++)                                                       \
            best[f] = LEAST;                                                                      \
        for (int64_t t = 0; t + width <= length; t++) {                                           \
            for (int j = 0; j < width; j++)                                                       \
                window[j] = ROW(ids[t + j]) + column + j * tables->filters;                       \
            if (t + AHEAD < length) {                                                             \
                const NUMBER *next = ROW(ids[t + AHEAD]) + column;                                \
                for (int j = 0; j < width; j++)                                                   \
                    for (int64_t f = 0; f < count; f += LINE / (int)sizeof *table)                \
                        __builtin_prefetch(next + j * tables->filters + f);                       \
            }                                                                                     \
            switch (width) {                                                                      \
            case 1: NAME##_window(window, 1, count, best); break;                                 \
            case 2: NAME##_window(window, 2, count, best); break;                                 \
            case 3: NAME##_window(window, 3, count, best); break;                                 \
            case 4: NAME##_window(window, 4, count, best); break;                                 \
            case 5: NAME##_window(window, 5, count, best); break;                                 \
            case 6: NAME##_window(window, 6, count, best); break;                                 \
            case 7: NAME##_window(window, 7, count, best); break;                                 \
            default: NAME##_window(window, width, count, best);                                   \
            }                                                                                     \
        }                                                                                         \
    }                                                                                             \
                                                                                                  \
    EACH_PROCESSOR                                                                                \
    int64_t NAME(const Tables *tables, const NUMBER *rest, int64_t others, const int32_t *ids,    \
                 int64_t length, const int64_t *offsets, int64_t documents, int64_t scoring,      \
                 float *results)                                                                  \
    {                                                                                             \
        int64_t filters = tables->filters, features = tables->count * filters, stride = 0;        \
        int64_t size = scoring ? tables->classes : features;                                      \
        SUM best[TOGETHER];                                                                       \
        float active[TOGETHER];                                                                   \
        if (!documents_fit(ids, offsets, length, documents, tables->rows + others,                \
                           tables->widest))                                                       \
            return 0;                                                                             \
        for (int64_t i = 0; i < tables->count; i++)                                               \
            stride += tables->widths[i] * filters;                                                \
        memset(results, 0, (size_t)(documents * size) * sizeof *results);                         \
        for (int64_t b = 0; b < documents; b++) {                                                 \
            float *result = results + b * size;                                                   \
            int64_t column = 0;                                                                   \
            for (int64_t i = 0; i < tables->count; column += tables->widths[i] * filters, i++)    \
                for (int64_t from = 0; from < filters; from += TOGETHER) {                        \
                    int64_t now = filters - from < TOGETHER ? filters - from : TOGETHER;          \
                    int64_t first = i * filters + from;                                           \
                    NAME##_maxima(tables, rest, stride, ids + offsets[b],                         \
                                  offsets[b + 1] - offsets[b], tables->widths[i],                 \
                                  column + from, now, best);                                      \
                    for (int64_t f = 0; f < now; f++) {                                           \
                        float value = (float)best[f] * tables->scales[first + f];                 \
                        value += tables->biases[first + f];                                       \
                        active[f] = value > 0 ? value : 0;                                        \
                    }                                                                             \
                    if (scoring)                                                                  \
                        add_to_logits(tables, active, first, now, result);                        \
                    else                                                                          \
                        memcpy(result + first, active, (size_t)now * sizeof *active);             \
                }                                                                                 \
        }                                                                                         \
        if (scoring)                                                                              \
            softmax(results, tables->bias, documents, tables->classes);                           \
        return 1;                                                                                 \
    }

#define ROW(ID) ((ID) < rows ? table + (ID) * stride : rest + ((ID) - rows) * stride)
LOOK_UP(look_up_int8, int8_t, int16_t, INT16_MIN, 16)
LOOK_UP(look_up_float32, float, float, -INFINITY, 8)
