using System.Text.RegularExpressions;
using Lanyard.Books;
using Lanyard.Index;
using Lanyard.Names;

namespace Lanyard.Causes;

/// <summary>Tensors of parameters and children that the classes declare and that this instance is made without: the configuration says otherwise than the file.</summary>
internal static class MembersNotHere
{
    public static IEnumerable<LoadCause> Of(ModelIndex index, LoadAccount account, IReadOnlyCollection<LoadProblem> problems)
    {
        var unexpected = problems.Where(problem => problem is { Kind: LoadProblemKind.Unexpected, Nearest: null }).ToList();
        if (unexpected.Count == 0) yield break;
        var (parameters, children) = (Absent(index), Childless(index));
        var found = unexpected
            .Select(problem => (Problem: problem, What: Member(parameters, children, index.Bare(account.Names.Known(problem.Tensor) ?? problem.Tensor))))
            .Where(member => member.What is not null)
            .GroupBy(member => (member.What!.Value.Class, member.What.Value.Member, NameFolding.Shape(member.What.Value.Path)), (_, group) => group.ToList());
        foreach (var group in found)
        {
            var (type, member, path, isChild) = group[0].What!.Value;
            var paths = NameFolding.Shown(group.Select(name => name.What!.Value.Path).Distinct());
            var names = NameFolding.Shown(group.Select(name => name.Problem.Tensor));
            yield return new LoadCause(
                LoadProblemKind.Unexpected,
                isChild
                    ? $"{group.Count} {(group.Count == 1 ? "tensor" : "tensors")} below {string.Join(", ", paths)}, such as {group[0].Problem.Tensor}: {type} has the child {member}, which has nothing in this model: a list is empty, or a child is null. Make the model with it, as the configuration of the file says"
                    : $"{string.Join(", ", names)}: of {string.Join(", ", paths)}, which this model is made without: the condition of {type}.{member}, its When, does not hold. Make the model with it, as the configuration of the file says",
                group.ConvertAll(name => name.Problem));
        }
    }

    private static (string Class, string Member, string Path, bool IsChild)? Member(ILookup<string, ModelParameter> parameters, ILookup<string, (string Path, ModelModule Module, string Child)> children, string name)
    {
        foreach (var prefix in DottedName.Prefixes(name).Take(NameVocabulary.MostParts).Prepend(""))
        {
            if (parameters[prefix].FirstOrDefault(parameter => parameter.Bound.Entry.Sources.Any(source => IsOf(source.Name, name[prefix.Length..]))) is { } parameter)
                return (parameter.Module.Set.Map.Type, parameter.Bound.Entry.Property, parameter.Name, false);
            if (children[prefix].FirstOrDefault() is { Path: { } path } child) return (child.Module.Set.Map.Type, child.Child, path, true);
        }
        return null;
    }

    /// <summary>Parameters that this instance is made without, by what stands before the names of their modules.</summary>
    private static ILookup<string, ModelParameter> Absent(ModelIndex index) => index.Modules
        .SelectMany(module => module.Parameters)
        .Where(parameter => !parameter.Bound.IsPresent && !parameter.Bound.IsElsewhere)
        .ToLookup(parameter => parameter.Module.Prefix, StringComparer.Ordinal);

    /// <summary>Children of which nothing is there, by what stands before the names in them.</summary>
    private static ILookup<string, (string Path, ModelModule Module, string Child)> Childless(ModelIndex index)
    {
        var known = index.Modules.SelectMany(module => DottedName.Prefixes(module.Prefix)).ToHashSet(StringComparer.Ordinal);
        return index.Modules
            .SelectMany(module => module.Set.Map.Children.Concat(module.Set.Map.Lists).Select(child => (Path: module.Prefix + child, Module: module, Child: child)))
            .Where(child => !known.Contains(child.Path + "."))
            .ToLookup(child => child.Path + ".", StringComparer.Ordinal);
    }

    /// <summary>Whether a name is that of a source, whatever stands in its holes.</summary>
    private static bool IsOf(string source, string name) => Regex.IsMatch(name, $"\\A{Hole.Replace(Regex.Escape(source), "[^.]+")}\\z", RegexOptions.CultureInvariant);

    private static readonly Regex Hole = new(@"\\\{[^}]*}", RegexOptions.CultureInvariant);
}
