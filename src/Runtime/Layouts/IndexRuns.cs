using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>Sets of indices as runs of step one, ascending and apart.</summary>
internal static class IndexRuns
{
    /// <summary>The set of all indices of some runs of step one, which may touch and repeat.</summary>
    public static ImmutableArray<IndexRun> Union(IEnumerable<IndexRun> runs)
    {
        var union = ImmutableArray.CreateBuilder<IndexRun>();
        foreach (var run in runs.Where(run => run.Count > 0).OrderBy(run => run.Start))
        {
            if (union.Count > 0 && union[^1] is var last && run.Start <= last.Last + 1) union[^1] = last with { Count = Math.Max(last.Last, run.Last) + 1 - last.Start };
            else union.Add(run);
        }
        return union.ToImmutable();
    }

    /// <summary>How many indices there are.</summary>
    public static long Count(ImmutableArray<IndexRun> runs) => runs.Sum(run => run.Count);

    /// <summary>The indices that are in both sets.</summary>
    public static ImmutableArray<IndexRun> Intersect(ImmutableArray<IndexRun> a, ImmutableArray<IndexRun> b)
    {
        var both = ImmutableArray.CreateBuilder<IndexRun>();
        for (var (i, j) = (0, 0); i < a.Length && j < b.Length;)
        {
            var (first, last) = (Math.Max(a[i].Start, b[j].Start), Math.Min(a[i].Last, b[j].Last));
            if (first <= last) both.Add(new IndexRun(first, last + 1 - first));
            if (a[i].Last < b[j].Last) i++;
            else j++;
        }
        return both.ToImmutable();
    }

    /// <summary>The indices of the first set that are not in the second.</summary>
    public static ImmutableArray<IndexRun> Except(ImmutableArray<IndexRun> a, ImmutableArray<IndexRun> b)
    {
        var rest = ImmutableArray.CreateBuilder<IndexRun>();
        var j = 0;
        foreach (var run in a)
        {
            var next = run.Start;
            while (j < b.Length && b[j].Last < next) j++;
            for (var k = j; k < b.Length && b[k].Start <= run.Last; k++)
            {
                if (b[k].Start > next) rest.Add(new IndexRun(next, b[k].Start - next));
                next = b[k].Last + 1;
            }
            if (next <= run.Last) rest.Add(new IndexRun(next, run.Last + 1 - next));
        }
        return rest.ToImmutable();
    }
}
