using Lanyard.Copies;
using Lanyard.Layouts;

namespace Lanyard.Updates;

/// <summary>Finds those indices of a checkpoint tensor that a slot takes, and where they go.</summary>
internal static class SlotElements
{
    /// <summary>Visits them, ascending. Costs what the indices cost, whatever the size of the tensor.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="piece">The indices.</param>
    /// <param name="visitor">Told of each.</param>
    public static void Visit<T>(LayoutSlot slot, PatchPiece piece, ref T visitor)
        where T : struct, IElementVisitor
    {
        var region = StridedCopy.OutOf(slot);
        ReadOnlySpan<long> sizes = region.Sizes.AsSpan(), tensor = region.ToStrides.AsSpan(), parameter = region.FromStrides.AsSpan();
        var reach = 0L;
        for (var i = 0; i < sizes.Length; i++) reach += (sizes[i] - 1) * tensor[i];
        var (first, count) = piece.Between(region.To, region.To + reach);
        var shift = piece.Base - region.To;
        if (reach == 0 || (sizes.Length == 1 && tensor[0] == 1 && parameter[0] == 1)) Run(piece.Offsets, first, count, shift + region.From, ref visitor);
        else Loops(piece.Offsets, first, count, shift, region.From, sizes, tensor, parameter, ref visitor);
    }

    private static void Run<T>(uint[] offsets, int first, int count, long shift, ref T visitor)
        where T : struct, IElementVisitor
    {
        var end = first + count;
        for (var i = first; i < end; i++) visitor.Visit(i, shift + offsets[i]);
    }

    private static void Loops<T>(uint[] offsets, int first, int count, long shift, long start, ReadOnlySpan<long> sizes, ReadOnlySpan<long> tensor, ReadOnlySpan<long> parameter, ref T visitor)
        where T : struct, IElementVisitor
    {
        // Indices ascend, so that the run of neighbours that one is in often has the next, too, and nothing is divided for that.
        var (step, run) = tensor[^1] == 1 ? (parameter[^1], sizes[^1]) : (0, 1);
        long begin = 0, end = 0, place = 0;
        for (var i = first; i < first + count; i++)
        {
            var index = shift + offsets[i];
            if (index >= end)
            {
                var (rest, position) = (index, start);
                for (var loop = 0; loop < sizes.Length; loop++)
                {
                    var number = rest / tensor[loop];
                    if (number >= sizes[loop])
                    {
                        rest = -1;
                        break;
                    }
                    rest -= number * tensor[loop];
                    position += number * parameter[loop];
                    if (loop == sizes.Length - 1) (begin, place) = (index - (run == 1 ? 0 : number), position - (run == 1 ? 0 : number * step));
                }
                if (rest != 0) continue;
                end = begin + run;
            }
            visitor.Visit(i, place + ((index - begin) * step));
        }
    }
}
