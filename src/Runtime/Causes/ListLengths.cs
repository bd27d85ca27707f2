using Lanyard.Books;
using Lanyard.Index;
using Lanyard.Names;

namespace Lanyard.Causes;

/// <summary>Lists of which the model has more items than came, or fewer: a layer too many, a layer too few.</summary>
internal static class ListLengths
{
    private const int MostShown = 2;

    public static IEnumerable<LoadCause> Of(ModelIndex index, LoadAccount account, SoughtNames names, IReadOnlyCollection<LoadProblem> problems)
    {
        var model = Items(index.Names);
        var file = Items(account.Names.All.Concat(account.Unexpected.Keys).Select(Bare));
        var found =
            from problem in problems
            where problem.Kind == LoadProblemKind.Unexpected ? problem.Nearest is null : problem is { Kind: LoadProblemKind.Missing, Found: null, NeededBy: null }
            let isMore = problem.Kind == LoadProblemKind.Unexpected
            let item = Outside(Bare(problem.Tensor), isMore ? model : file)
            where item is not null
            select (Problem: problem, IsMore: isMore, item.Value.List, item.Value.Item);
        foreach (var group in found.GroupBy(outside => (outside.IsMore, Shape: NameFolding.Shape(outside.List)), (_, group) => group.ToList()))
        {
            // One tensor of each item is as short by itself, and has its parameter.
            if (!group[0].IsMore && group.Select(outside => NameFolding.Shape(outside.Problem.Tensor)).Distinct().Count() == 1) continue;
            var list = group[0].List;
            var (mine, theirs) = (model.GetValueOrDefault(list, []), file.GetValueOrDefault(list, []));
            var what = group.Count == 1 ? group[0].Problem.Tensor : $"{group.Count} tensors of {Shown(group.Select(outside => $"{outside.List}{outside.Item}"))}";
            var sizes = $"{(list.Length == 0 ? "the list" : Shown(group.Select(outside => outside.List.TrimEnd('.'))))} has {Count(mine)} in the model, {Count(theirs)} in what came";
            var remedy = mine.Count == theirs.Count && mine.Count > 1 ? $": as many, which the file counts from {theirs.Min}. A list says so with First of [CheckpointName], an axis in a name as in {{experts + {theirs.Min}}}"
                : ". The model is made as long as its configuration says" + (group[0].IsMore ? $"; LoadOptions.Names leaves the rest alone, Ignore = [{Patterns(group.Select(outside => (outside.List, outside.Item, Came(outside.Problem), Bare(outside.Problem.Tensor))))}]" : "");
            yield return new LoadCause(group[0].IsMore ? LoadProblemKind.Unexpected : LoadProblemKind.Missing, $"{what}: {sizes}{remedy}", group.ConvertAll(outside => outside.Problem));
        }

        string Came(LoadProblem problem) => account.Names.Known(problem.Tensor) ?? problem.Tensor;

        string Bare(string name) => index.Bare(names.Meant(account.Names.Known(name) ?? name));
    }

    /// <summary>What items match, as they came: ignores are looked at before renames.</summary>
    private static string Patterns(IEnumerable<(string List, int Item, string Came, string Name)> items)
    {
        var patterns = items.Select(item => (item.Item, Path: item.Came[..^(item.Name.Length - $"{item.List}{item.Item}".Length)])).Select(item => $"\"{NameFolding.Pattern(item.Path[..(item.Path.LastIndexOf('.') + 1)])}{item.Item}.**\"").Distinct().ToList();
        return string.Join(", ", patterns.Take(MostShown)) + (patterns.Count > MostShown ? ", ..." : "");
    }

    private static string Shown(IEnumerable<string> names)
    {
        var shown = NameFolding.Shown(names);
        return string.Join(", ", shown.Take(MostShown)) + (shown.Count > MostShown ? " and others" : "");
    }

    private static string Count(SortedSet<int> items) => $"{items.Count} {(items.Count == 1 ? "item" : "items")} ({NameFolding.Numbers(items)})";

    private static Dictionary<string, SortedSet<int>> Items(IEnumerable<string> names)
    {
        var items = new Dictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        foreach (var (list, item) in names.SelectMany(DottedName.Items))
        {
            if (!items.TryGetValue(list, out var known)) items.Add(list, known = []);
            known.Add(item);
        }
        return items;
    }

    /// <summary>The outermost item of a name that a list of the other side does not have; null where it has all, or no such list.</summary>
    private static (string List, int Item)? Outside(string name, Dictionary<string, SortedSet<int>> others)
    {
        foreach (var (list, item) in DottedName.Items(name))
        {
            if (!others.TryGetValue(list, out var known)) return null;
            if (!known.Contains(item)) return (list, item);
        }
        return null;
    }
}
