using System.Globalization;
using Lanyard.Books;
using Lanyard.Layouts;
using Lanyard.Memory;

namespace Lanyard.Causes;

/// <summary>One axis that is of another size in all tensors that have it: a number of the configuration is not that of the file.</summary>
internal static class OneSize
{
    // Fewer are told each by itself.
    private const int Several = 3;

    public static IEnumerable<LoadCause> Of(LoadAccount account, IReadOnlyCollection<LoadProblem> problems)
    {
        var wrong = problems.Where(problem => problem.Kind == LoadProblemKind.WrongShape).Select(problem => (Problem: problem, Sizes: Sizes(account, problem))).Where(shape => shape.Sizes is not null).ToList();
        var common = wrong.SelectMany(shape => shape.Sizes!.Distinct().Select(size => (Size: size, Shape: NameFolding.Shape(shape.Problem.Tensor)))).Distinct()
            .GroupBy(size => size.Size, size => size.Shape)
            .Where(sizes => sizes.Count() >= Several)
            .Select(sizes => sizes.Key)
            .ToHashSet();
        foreach (var group in wrong.Where(shape => shape.Sizes!.All(common.Contains)).GroupBy(shape => string.Join(", and ", shape.Sizes!.Distinct().Order().Select(size => string.Create(CultureInfo.InvariantCulture, $"{size.Axis} is {size.Expected} in the model and {size.Found} in what came"))), (sizes, shapes) => (Sizes: sizes, Problems: shapes.Select(shape => shape.Problem).ToList())))
        {
            var first = group.Problems[0];
            yield return new LoadCause(LoadProblemKind.WrongShape, $"{group.Sizes}: {group.Problems.Count} {(group.Problems.Count == 1 ? "tensor" : "tensors")}, such as {first.Tensor}: expected {first.Expected}, found {first.Found} (parameter {first.Parameter}). The model is made as its configuration says", group.Problems);
        }
    }

    /// <summary>The axes whose sizes are others, where these are dimensions by themselves and nothing else is wrong; null where it is not so.</summary>
    private static List<(string Axis, long Expected, long Found)>? Sizes(LoadAccount account, LoadProblem problem)
    {
        if (account.Find(problem.Tensor)?.Uses is not [var use, ..] uses || uses.Exists(other => other.Source.Pattern != use.Source.Pattern) || problem.Expected != Shapes.Text(use.Shape)) return null;
        if (Shape(problem.Found) is not { } found || found.Count != use.Shape.Length || !Pattern.TryParse(use.Source.Pattern, out var pattern, out _)) return null;
        var sizes = new List<(string, long, long)>();
        for (var i = 0; i < found.Count; i++)
        {
            if (found[i] == use.Shape[i]) continue;
            if (pattern.Items[i] is not AxisNode axis) return null;
            sizes.Add((axis.Name, use.Shape[i], found[i]));
        }
        return sizes;
    }

    private static List<long>? Shape(string? text)
    {
        if (text is not ['[', .. var inner, ']']) return null;
        var shape = new List<long>();
        foreach (var extent in inner.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            if (!long.TryParse(extent, NumberStyles.None, CultureInfo.InvariantCulture, out var size)) return null;
            shape.Add(size);
        }
        return shape;
    }
}
