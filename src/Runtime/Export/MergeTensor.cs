using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Layouts;
using Lanyard.Memory;
using Lanyard.Parts;
using TorchSharp;

namespace Lanyard.Export;

/// <summary>A tensor that is put together from the parts of several ranks.</summary>
internal sealed class MergeTensor(string name, IReadOnlyList<MergePart> parts)
{
    public string Name { get; } = name;

    public CheckpointType DType { get; } = parts[0].Stored.DType;

    public ImmutableArray<long> Shape { get; } = WholeShape(parts[0]);

    /// <summary>Everything wrong: contradictions or, where there are none, what differs and what lacks.</summary>
    public IReadOnlyList<ExportProblem> Problems()
    {
        List<ExportProblem> problems = [.. Conflicts()];
        if (problems.Count == 0) problems.AddRange(Coverage(Distinct(problems)));
        return problems;
    }

    /// <summary>The whole tensor; the caller's to dispose.</summary>
    public torch.Tensor Make() => Make(parts);

    private static ImmutableArray<long> WholeShape(MergePart part) => part.Slice?.WholeShape ?? part.Stored.Shape;

    private torch.Tensor Make(IEnumerable<MergePart> given)
    {
        if (given.FirstOrDefault(part => part.Slice is null) is { } whole) return whole.Checkpoint.Read(whole.Stored);

        // Zeros, because of padding that no slice has.
        var tensor = torch.zeros([.. Shape], DType.ToScalarType());
        foreach (var part in given)
        {
            using var read = part.Checkpoint.Read(part.Stored);
            foreach (var slot in part.Slice!.Plan.Slots) SlotCopy.Read(read, tensor, slot);
        }
        return tensor;
    }

    private IEnumerable<ExportProblem> Conflicts()
    {
        foreach (var part in parts)
        {
            var (stored, expected) = (part.Stored, part.Slice?.Shape ?? part.Stored.Shape);
            if (!stored.Shape.AsSpan().SequenceEqual(expected.AsSpan()))
                yield return Problem(ExportProblemKind.Conflict, $"{part.Checkpoint.Path} has {Shapes.Text(stored.Shape)}, but says that its slice is {Shapes.Text(expected)}");
            else if (!WholeShape(part).AsSpan().SequenceEqual(Shape.AsSpan()))
                yield return Problem(ExportProblemKind.Conflict, $"it is {Shapes.Text(Shape)} in {parts[0].Checkpoint.Path}, {Shapes.Text(WholeShape(part))} in {part.Checkpoint.Path}");
            else if (!stored.DType.IsViewable())
                yield return Problem(ExportProblemKind.Conflict, $"it is {stored.DType.Text()} in {part.Checkpoint.Path}, of which nothing is put together");
            else if (stored.DType != DType)
                yield return Problem(ExportProblemKind.Conflict, $"it is {DType.Text()} in {parts[0].Checkpoint.Path}, {stored.DType.Text()} in {part.Checkpoint.Path}");
        }
    }

    /// <summary>One part of each slice; ranks that have the same one must agree on its bits.</summary>
    private List<MergePart> Distinct(List<ExportProblem> problems)
    {
        var distinct = new List<MergePart>();
        foreach (var part in parts)
        {
            if (distinct.Find(other => Same(part.Slice, other.Slice)) is not { } twin) distinct.Add(part);
            else if (!Equal(part, twin)) problems.Add(Differing(twin, part));
        }
        return distinct;
    }

    private IEnumerable<ExportProblem> Coverage(List<MergePart> distinct)
    {
        if (distinct.Exists(part => part.Slice is null) && distinct.Count == 1) yield break;
        var whole = distinct.Find(part => part.Slice is not null)!.Slice!.Whole();
        var elements = whole.Elements;

        // Only where there is data enough is there reason to believe the sizes.
        var given = distinct.Sum(part => part.Slice?.Elements ?? elements);
        if (given < elements)
        {
            yield return Missing(elements - given, elements);
            yield break;
        }
        using var scope = torch.NewDisposeScope();
        var marks = torch.zeros([.. Shape], torch.ScalarType.Byte);
        foreach (var slot in distinct.SelectMany(part => (part.Slice ?? whole).Plan.Slots))
            marks.as_strided([.. slot.Sizes], [.. slot.TensorStrides], slot.TensorOffset).fill_(Numbers.One);
        var covered = marks.sum(torch.ScalarType.Int64).ReadInt64();
        if (covered < elements) yield return Missing(elements - covered, elements);
        else if (given > elements && Overlapping(distinct, whole) is { } problem) yield return problem;
    }

    /// <summary>Where slices overlap in part, each must be found again in what was put together from all.</summary>
    private ExportProblem? Overlapping(List<MergePart> distinct, TensorSlice whole)
    {
        using var scope = torch.NewDisposeScope();
        var merged = Make(distinct).contiguous();
        foreach (var part in distinct)
        {
            var slice = part.Slice ?? whole;
            var again = torch.zeros([.. slice.Shape], DType.ToScalarType());
            foreach (var slot in slice.Plan.Slots) SlotCopy.Write(merged, again, slot);
            if (!TensorBits.Equal(again, part.Checkpoint.Read(part.Stored))) return Differing(part, distinct.First(other => other != part));
        }
        return null;
    }

    private static bool Same(TensorSlice? a, TensorSlice? b) => a is null || b is null ? a is null && b is null : a.Same(b);

    private static bool Equal(MergePart a, MergePart b)
    {
        using torch.Tensor x = a.Checkpoint.Read(a.Stored), y = b.Checkpoint.Read(b.Stored);
        return TensorBits.Equal(x, y);
    }

    private ExportProblem Missing(long count, long elements)
    {
        var axes = parts.SelectMany(part => part.Slice?.Axes ?? []).GroupBy(axis => axis.Name).Select(Lacking).Where(text => text.Length > 0).ToList();
        var lacking = axes.Count > 0 ? string.Join("; ", axes) : Corner();
        return Problem(ExportProblemKind.Missing, $"no given rank has {count} of {elements} elements{(lacking is null ? "" : $" ({lacking})")}");
    }

    /// <summary>Indices of several axes that no rank has together, though each is on some rank: <c>none has heads 2..3 together with dim 0..5</c>.</summary>
    private string? Corner()
    {
        TensorSlice[] slices = [.. parts.Select(part => part.Slice).OfType<TensorSlice>()];
        foreach (var alternative in Pattern.Parse(slices[0].Pattern).Alternatives)
        {
            var names = alternative.Loops.SelectMany(loop => Nodes.AxesOf(loop.Axis)).Select(axis => axis.Name).ToHashSet(StringComparer.Ordinal);
            ImmutableArray<Axis> divided = [.. slices[0].Axes.Where(axis => names.Contains(axis.Name) && slices.Any(slice => slice.Axes.Any(held => held.Name == axis.Name && !HeldIndices.AreAll(held))))];
            var boxes = slices.Where(slice => divided.All(axis => slice.Axes.Any(held => held.Name == axis.Name))).Select(slice => new IndexBox([.. divided.Select(axis => Runs(slice.Axes.First(held => held.Name == axis.Name)))]));
            if (divided.Length > 1 && IndexBox.Without([IndexBox.Whole([.. divided.Select(axis => axis.Size)])], boxes) is [var box, ..])
                return $"none has {string.Join(" together with ", divided.Zip(box.Texts(), (axis, indices) => $"{axis.Name} {indices} of {axis.Size}"))}: the files of a rank lack, or the axes are divided over the same ranks";
        }
        return null;
    }

    private static ImmutableArray<IndexRun> Runs(Axis axis) => IndexRuns.Union(axis.Held.Runs(axis.Size).SelectMany(Steps));

    /// <summary>The indices of an axis that no rank holds: <c>heads 2..3 of 4</c>.</summary>
    private static string Lacking(IGrouping<string, Axis> shares)
    {
        var size = shares.First().Size;
        var lacking = new List<string>();
        var next = 0L;
        foreach (var run in shares.SelectMany(axis => axis.Held.Runs(size)).SelectMany(Steps).OrderBy(run => run.Start))
        {
            if (run.Start > next) lacking.Add(Range(next, run.Start - 1));
            next = Math.Max(next, run.Last + 1);
        }
        if (next < size) lacking.Add(Range(next, size - 1));
        return lacking.Count == 0 ? "" : $"{shares.Key} {string.Join(", ", lacking)} of {size}";
    }

    private static IEnumerable<IndexRun> Steps(IndexRun run) =>
        run.Step == 1 ? [run] : run.Indices().Select(index => new IndexRun(index, 1));

    private static string Range(long first, long last) => first == last ? $"{first}" : $"{first}..{last}";

    private ExportProblem Differing(MergePart a, MergePart b) =>
        Problem(ExportProblemKind.Differs, $"{a.Checkpoint.Path} and {b.Checkpoint.Path} have other bits for the same elements");

    private ExportProblem Problem(ExportProblemKind kind, string detail) => new(kind, Name, detail);
}
