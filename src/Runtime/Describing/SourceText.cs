using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Layouts;

namespace Lanyard.Describing;

/// <summary>A source of a parameter as text: the names of its tensors, their layout, and what happens to the values on the way.</summary>
/// <param name="storage">The layout that it is written to.</param>
/// <param name="source">The source.</param>
/// <param name="axes">The axes; null where they cannot be told.</param>
/// <param name="prefixes">What stands before the names of each of the modules that are shown.</param>
internal sealed class SourceText(string storage, CheckpointSource source, ImmutableArray<Axis>? axes, ImmutableArray<ModulePrefix> prefixes)
{
    public override string ToString()
    {
        var text = new StringBuilder(Names(source.Name));
        if (Shape() is { } shape) text.Append(' ').Append(FormText.Of(null, shape.AsSpan()));
        text.Append(" \"").Append(source.Pattern).Append('"');
        if (source.Format.Length > 0) text.Append(" in format \"").Append(source.Format).Append('"');
        foreach (var step in Steps()) text.Append(", ").Append(step);
        return text.ToString();
    }

    /// <summary>What happens to the values, in words.</summary>
    private IEnumerable<string> Steps()
    {
        var encoding = TensorEncoding.Of(source);
        if (encoding.Declared is { } declared)
        {
            yield return $"decoded as {declared.Value}{(source.Encoding is null ? "" : $" by {ShortName(declared.Name)}")}";
            foreach (var companion in declared.Companions)
                yield return $"{companion.Name} from {Companion(declared, companion)}{(companion.Absent is { } absent ? string.Create(CultureInfo.InvariantCulture, $", or {absent}") : "")}";
        }
        if (source.Cast) yield return "rounded where it is stored wider";
        if (source.Joined is { } joined) yield return $"joined along {joined}";
        if (source.Part is { } part) yield return $"into part {part}";
        if (source.Repeat is { } repeat) yield return $"repeated over {repeat}";
        if (IsTransposed()) yield return "transposed";
        if (IsSliced()) yield return "sliced";
        if (source.Shared) yield return "shared with other parameters";
    }

    private string Companion(ValueEncoding declared, CompanionEncoding companion)
    {
        try
        {
            return Names(CompanionNames.Of(source, declared, companion));
        }
        catch (FormatException e)
        {
            return $"nowhere: {e.Message}";
        }
    }

    /// <summary>The full names, folded; with their holes where axes have no sizes yet.</summary>
    private string Names(string name)
    {
        var before = NameFolding.Shown(prefixes.Select(prefix => prefix.Of(source.Format)));
        List<string> local = axes is { } known && NamePattern.TryParse(name, out var pattern, out _) ? Spelled(pattern, known) ?? [name] : [name];
        return string.Join(", ", before.SelectMany(prefix => local.Select(end => prefix + end)));
    }

    private static List<string>? Spelled(NamePattern pattern, ImmutableArray<Axis> axes)
    {
        var table = new AxisTable(axes);
        return Nodes.AxesOf(pattern.Items).All(axis => table.Names.Contains(axis.Name)) ? NameFolding.Shown(TensorNames.Of(pattern, table)) : null;
    }

    private ImmutableArray<long>? Shape()
    {
        if (axes is not { } known || !Pattern.TryParse(source.Pattern, out var pattern, out _)) return null;
        try
        {
            return Layout.FullShapeOf(pattern, known);
        }
        catch (Exception e) when (e is LayoutException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Whether the axes come in another order than in the parameter. Sizes play no part.</summary>
    private bool IsTransposed()
    {
        if (!Pattern.TryParse(source.Pattern, out var stored, out _) || !Pattern.TryParse(storage, out var kept, out _)) return false;
        return stored.Alternatives.Any(from =>
        {
            var order = from.Loops.Select(loop => loop.Key).ToList();
            var takers = kept.Alternatives.Select(to => to.Loops.Select(loop => loop.Key).Where(order.Contains).ToList()).Where(keys => keys.Count == order.Count).ToList();
            return takers.Count > 0 && !takers.Exists(keys => keys.SequenceEqual(order));
        });
    }

    /// <summary>Whether this rank takes some of the elements, and not all.</summary>
    private bool IsSliced()
    {
        if (axes is not { } known || !Pattern.TryParse(source.Pattern, out var pattern, out _) || !NamePattern.TryParse(source.Name, out var name, out _)) return false;
        var used = Nodes.AxesOf(pattern.Items).Concat(Nodes.AxesOf(name.Items)).Select(axis => axis.Name).ToHashSet(StringComparer.Ordinal);
        return known.Any(axis => used.Contains(axis.Name) && axis.Held.Runs(axis.Size).Sum(run => run.Count) < axis.Size);
    }

    private static string ShortName(string type) => type.StartsWith("Lanyard.Published.", StringComparison.Ordinal) ? type["Lanyard.Published.".Length..] : type;
}
