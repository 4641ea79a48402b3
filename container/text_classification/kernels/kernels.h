/* What the kernels share.
 *
 * Plain C with loops that compilers vectorize. On x86-64, GCC makes a version for each level of
 * instructions and picks one when the library is loaded; an older processor gets a plain one. The
 * levels go by what a processor can do; names of processors ("haswell") would leave AMD's out.
 */

#include <math.h>
#include <stdint.h>
#include <string.h>

#if !defined(__x86_64__) || !defined(__GNUC__) || defined(__clang__) || defined(NO_DISPATCH)
#define EACH_PROCESSOR
#elif __GNUC__ >= 12
#define EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EACH_PROCESSOR __attribute__((target_clones("avx2", "default")))
#endif
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* The bytes of a cache line; the most rows that a window may have. */
enum { LINE = 64, WIDEST = 64 };

/* In convolution.c. */
int64_t documents_fit(const int32_t *positions, const int64_t *offsets, int64_t length,
                      int64_t documents, int64_t size, int64_t widest);
void softmax(float *logits, const float *bias, int64_t documents, int64_t classes);
