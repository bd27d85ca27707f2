using Lanyard.Books;
using Lanyard.Index;
using Lanyard.Names;

namespace Lanyard.Causes;

/// <summary>Tensors that come under the name of a parameter, as <c>state_dict()</c> has it, in place of the names of its sources.</summary>
internal static class ParameterNames
{
    private const int MostShown = 4;
    private const int Several = 4;

    public static IEnumerable<LoadCause> Of(ModelIndex index, LoadAccount account, IReadOnlyCollection<LoadProblem> problems)
    {
        var unexpected = problems.Where(problem => problem.Kind == LoadProblemKind.Unexpected).ToList();
        if (unexpected.TrueForAll(problem => problem.Nearest is not null)) yield break;
        var parameters = new Dictionary<string, ModelParameter>(StringComparer.Ordinal);
        foreach (var parameter in index.Modules.SelectMany(module => module.Parameters).Where(parameter => parameter.Bound.IsPresent))
        {
            parameters.TryAdd(parameter.Name, parameter);
            parameters.TryAdd(parameter.Module.Prefix + parameter.Bound.Entry.Property, parameter);
        }
        if (account.Tensors == 0 && OfPart(index, unexpected) is { } part)
        {
            yield return part;
            yield break;
        }
        var named = unexpected.FindAll(problem => parameters.ContainsKey(problem.Tensor));
        if (named.FindAll(problem => problem.Nearest is null).ConvertAll(problem => NameFolding.Shape(problem.Tensor)).Distinct().Count() < Several) named.RemoveAll(problem => problem.Nearest is not null);
        var found = named.GroupBy(problem => NameFolding.Shape(problem.Tensor), (_, group) => group.ToList()).ToList();
        if (found.Count >= Several)
        {
            var (all, first) = (found.SelectMany(group => group).ToList(), found[0][0].Tensor);
            yield return new LoadCause(LoadProblemKind.Unexpected, $"{all.Count} names are those of parameters, as state_dict() has them, such as {first}. Loads and refits take tensors by the names of their sources, {Filling([parameters[first]])}; Export writes a model under those", [.. all, .. Missing(all)]);
            yield break;
        }
        foreach (var group in found)
        {
            yield return new LoadCause(LoadProblemKind.Unexpected, $"{Shown(group.Select(problem => problem.Tensor))}: the name of a parameter. Loads and refits take tensors by the names of their sources: {Filling(group.ConvertAll(problem => parameters[problem.Tensor]))}", [.. group, .. Missing(group)]);
        }

        // That these lack is said by what came in their place.
        IEnumerable<LoadProblem> Missing(List<LoadProblem> named)
        {
            var given = named.Select(problem => parameters[problem.Tensor].Name).ToHashSet(StringComparer.Ordinal);
            return problems.Where(problem => problem is { Kind: LoadProblemKind.Missing, Found: null, NeededBy: null, Parameter: { } parameter } && given.Contains(parameter));
        }
    }

    /// <summary>All that came, where it is named as <c>state_dict()</c> of a part of the model names it.</summary>
    private static LoadCause? OfPart(ModelIndex index, List<LoadProblem> unexpected)
    {
        var names = unexpected.Select(problem => problem.Tensor).ToHashSet(StringComparer.Ordinal);
        var parts = index.Parameters
            .Where(parameter => parameter.Formats.Count > 0)
            .Select(parameter => (Parameter: parameter, Name: DottedName.Prefixes(parameter.Name).Select(prefix => parameter.Name[prefix.Length..]).FirstOrDefault(names.Contains)))
            .Where(part => part.Name is not null)
            .ToList();
        if (parts.Select(part => part.Name).Distinct().Count() < names.Count) return null;
        var others = parts.ConvertAll(part => part.Parameter).FindAll(parameter => NameFolding.Shape(parameter.Name) == NameFolding.Shape(parts[0].Parameter.Name));
        return new LoadCause(
            LoadProblemKind.Unexpected,
            $"{Shown(unexpected.Select(problem => problem.Tensor))}: {(unexpected.Count == 1 ? "the name of a parameter" : "names of parameters")} of a part of the model, as its state_dict() has them: {parts[0].Name} is that of {Shown(others.Select(parameter => parameter.Name))}. Loads and refits take tensors by the names of their sources, from where they begin: {Filling(others)}",
            unexpected);
    }

    private static string Filling(List<ModelParameter> parameters)
    {
        if (parameters[0].Formats.Count == 0) return "it has none, a post-load method makes it";
        return string.Join(", or ", Enumerable.Range(0, parameters.Max(parameter => parameter.Formats.Count))
            .Select(format => Shown(parameters.Where(parameter => format < parameter.Formats.Count).SelectMany(parameter => parameter.Formats[format].Uses).Select(use => use.Tensor.Name))));
    }

    private static string Shown(IEnumerable<string> names)
    {
        var shown = NameFolding.Shown(names);
        return string.Join(", ", shown.Take(MostShown)) + (shown.Count > MostShown ? " and others" : "");
    }
}
