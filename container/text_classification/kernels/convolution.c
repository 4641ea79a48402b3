/* The inner loops of the CNN; reference.py says the same in NumPy, and tests hold the two together.
 *
 * Every function works on a range of documents, columns or rows and keeps no state, so threads
 * may share a call's arrays: no two of them write the same number, and results do not depend on
 * how many there are. The caller has checked all ids, shapes and ranges.
 */

#include "kernels.h"

/* How many tokens, or rows, ahead of its use a row is fetched. */
enum { AHEAD = 8 };

/* Number the distinct ids of a batch in order of appearance.
 *
 * table: one entry an id of the vocabulary, all -1, and left so. found[i] is the i-th distinct id,
 * positions[n] the number of ids[n]. Returns the number of distinct ids. */
int64_t distinct_ids(const int32_t *ids, int64_t length, int32_t *table, int32_t *found,
                     int32_t *positions)
{
    int64_t count = 0;
    for (int64_t n = 0; n < length; n++) {
        int32_t *entry = &table[ids[n]];
        if (*entry < 0) {
            *entry = (int32_t)count;
            found[count++] = ids[n];
        }
        positions[n] = *entry;
    }
    for (int64_t i = 0; i < count; i++)
        table[found[i]] = -1;
    return count;
}

/* Tell whether documents are what the functions below take them for: every position lies in
 * [0, size), and the offsets cut the positions into documents of at least widest each. */
int64_t documents_fit(const int32_t *positions, const int64_t *offsets, int64_t length,
                      int64_t documents, int64_t size, int64_t widest)
{
    int64_t sound = offsets[0] == 0 && offsets[documents] == length;
    for (int64_t b = 0; b < documents; b++)
        sound &= offsets[b + 1] - offsets[b] >= widest;
    for (int64_t n = 0; n < length; n++)
        sound &= positions[n] >= 0 && positions[n] < size;
    return sound;
}

/* Keep, for each filter, the greatest sum over the rows of a window, and where that was. */
ALWAYS_INLINE void take_window(const float *const *rows, int width, int64_t filters, int32_t start,
                               float *restrict best, int32_t *restrict where)
{
    for (int64_t f = 0; f < filters; f++) {
        float sum = rows[0][f];
        for (int j = 1; j < width; j++)
            sum += rows[j][f];
        int better = sum > best[f];
        best[f] = better ? sum : best[f];
        where[f] = better ? start : where[f];
    }
}

/* The same with a scratch row, for widths that no loop is unrolled for. */
ALWAYS_INLINE void take_wide_window(const float *const *rows, int width, int64_t filters,
                                    int32_t start, float *restrict best, int32_t *restrict where,
                                    float *restrict sums)
{
    memcpy(sums, rows[0], (size_t)filters * sizeof *sums);
    for (int j = 1; j < width; j++)
        for (int64_t f = 0; f < filters; f++)
            sums[f] += rows[j][f];
    take_window((const float *const[]){sums}, 1, filters, start, best, where);
}

/* One document and one width: the maximum over time of every filter. */
ALWAYS_INLINE void pool_document(const float *projected, int64_t stride, const int32_t *positions,
                                 int64_t length, int width, int64_t filters, float *best,
                                 int32_t *where, float *sums)
{
    const float *rows[WIDEST];
    for (int64_t f = 0; f < filters; f++) {
        best[f] = -INFINITY;
        where[f] = 0; /* stays where all sums are NaN, as in training that has diverged */
    }
    for (int64_t t = 0; t + width <= length; t++) {
        for (int j = 0; j < width; j++)
            rows[j] = projected + positions[t + j] * stride + j * filters;
        if (t + width + AHEAD <= length) {
            const float *next = projected + positions[t + width - 1 + AHEAD] * stride;
            for (int64_t f = 0; f < width * filters; f += LINE / sizeof *next)
                __builtin_prefetch(next + f);
        }
        int32_t start = (int32_t)t;
        switch (width) {
        case 1: take_window(rows, 1, filters, start, best, where); break;
        case 2: take_window(rows, 2, filters, start, best, where); break;
        case 3: take_window(rows, 3, filters, start, best, where); break;
        case 4: take_window(rows, 4, filters, start, best, where); break;
        case 5: take_window(rows, 5, filters, start, best, where); break;
        case 6: take_window(rows, 6, filters, start, best, where); break;
        case 7: take_window(rows, 7, filters, start, best, where); break;
        default: take_wide_window(rows, width, filters, start, best, where, sums);
        }
    }
}

/* Maximum over time of all convolutions, for documents [first, last).
 *
 * projected: [distinct, sum of widths * filters], the distinct tokens times every kernel row;
 * positions: the row of each token, document after document, offsets[b] the first of document b.
 * best, where: [documents, count * filters], the maxima before bias and ReLU, and the window's
 * start inside its document. sums: scratch of filters floats. */
EACH_PROCESSOR
void pool_forward(const float *projected, const int32_t *positions, const int64_t *offsets,
                  int64_t first, int64_t last, const int32_t *widths, int64_t count,
                  int64_t filters, float *best, int32_t *where, float *sums)
{
    int64_t stride = 0;
    for (int64_t i = 0; i < count; i++)
        stride += widths[i] * filters;
    for (int64_t b = first; b < last; b++) {
        const float *block = projected;
        for (int64_t i = 0; i < count; i++) {
            int64_t at = (b * count + i) * filters;
            pool_document(block, stride, positions + offsets[b], offsets[b + 1] - offsets[b],
                          widths[i], filters, best + at, where + at, sums);
            block += widths[i] * filters;
        }
    }
}

/* Turn logits [documents, classes] into scores that sum to 1; bias: [classes] is added first. */
EACH_PROCESSOR
void softmax(float *logits, const float *bias, int64_t documents, int64_t classes)
{
    for (int64_t b = 0; b < documents; b++, logits += classes) {
        float largest = -INFINITY, sum = 0;
        for (int64_t c = 0; c < classes; c++) {
            logits[c] += bias[c];
            largest = logits[c] > largest ? logits[c] : largest;
        }
        for (int64_t c = 0; c < classes; c++)
            sum += logits[c] = expf(logits[c] - largest);
        for (int64_t c = 0; c < classes; c++)
            logits[c] /= sum;
    }
}

/* Gradients of kernels and embedded tokens, for columns [first, last) of the embedding.
 *
 * The gradient of a maximum touches one window: gradient [documents, count * filters] is that of
 * the maxima, where their windows' starts. embedded: [distinct, size]; kernels: [rows, size], a
 * row for each width, offset and filter, as the columns of projected. The results are added to
 * embedded_gradient [distinct, size] and kernel_gradient [rows, size]. */
EACH_PROCESSOR
void pool_backward(const float *gradient, const int32_t *where, const int32_t *positions,
                   const int64_t *offsets, int64_t documents, const int32_t *widths, int64_t count,
                   int64_t filters, const float *embedded, const float *kernels, int64_t size,
                   int64_t first, int64_t last, float *embedded_gradient, float *kernel_gradient)
{
    for (int64_t b = 0; b < documents; b++) {
        int64_t block = 0;
        for (int64_t i = 0; i < count; i++) {
            for (int64_t f = 0; f < filters; f++) {
                int64_t at = (b * count + i) * filters + f;
                float g = gradient[at];
                if (g == 0)
                    continue;
                const int32_t *window = positions + offsets[b] + where[at];
                for (int64_t j = 0; j < widths[i]; j++) {
                    int64_t token = window[j] * size, row = (block + j * filters + f) * size;
                    const float *restrict e = embedded + token, *restrict w = kernels + row;
                    float *restrict de = embedded_gradient + token;
                    float *restrict dw = kernel_gradient + row;
                    for (int64_t d = first; d < last; d++) {
                        de[d] += g * w[d];
                        dw[d] += g * e[d];
                    }
                }
            }
            block += widths[i] * filters;
        }
    }
}

/* Adam (Kingma and Ba 2015) as Keras writes it, for rows [first, last) of gradient [rows, size].
 *
 * Row r updates row ids[r] of weights and of its moments. rate is the learning rate with the step's
 * bias correction; the shares are 1 minus Adam's decays, how much of the new gradient enters the
 * moments. */
EACH_PROCESSOR
void adam_rows(float *weights, float *mean, float *square, const float *gradient,
               const int32_t *ids, int64_t first, int64_t last, int64_t size, float rate,
               float mean_share, float square_share, float epsilon)
{
    for (int64_t r = first; r < last; r++) {
        int64_t row = ids[r] * size, next = ids[r + AHEAD < last ? r + AHEAD : r] * size;
        for (int64_t d = 0; d < size; d += LINE / (int)sizeof *weights) {
            __builtin_prefetch(weights + next + d);
            __builtin_prefetch(mean + next + d);
            __builtin_prefetch(square + next + d);
        }
        const float *restrict g = gradient + r * size;
        float *restrict w = weights + row, *restrict m = mean + row, *restrict v = square + row;
        for (int64_t d = 0; d < size; d++) {
            m[d] += (g[d] - m[d]) * mean_share;
            v[d] += (g[d] * g[d] - v[d]) * square_share;
            w[d] -= m[d] * rate / (sqrtf(v[d]) + epsilon);
        }
    }
}
