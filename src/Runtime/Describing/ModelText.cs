using System.Collections.Immutable;
using System.Text;
using Lanyard.Index;
using Lanyard.Maps;

namespace Lanyard.Describing;

/// <summary>A tree of modules as text, in the way in which PyTorch prints modules. Those of a list that are alike but for their numbers are one.</summary>
/// <param name="isDetailed">Whether axes, layouts and sources are shown.</param>
internal sealed class ModelText(bool isDetailed)
{
    private readonly StringBuilder _text = new();
    private readonly Dictionary<DescribedModule, string> _keys = [];
    private readonly Dictionary<ParameterSet, ModelContext> _told = [];
    private int _depth;

    /// <summary>The text of a tree.</summary>
    public string Of(IParameterModule root)
    {
        var module = DescribedModule.Of(root);
        try
        {
            foreach (var (set, context) in ContextTree.Told(root.Parameters)) _told[set] = context;
        }
        catch (Exception exception)
        {
            // What an author's own member throws is said where the module is shown.
            if (exception is ModelStateException) Line(exception.Message);
        }
        Write($"{module.Type}{(isDetailed ? Rank(Told(module.Set!).Topology) : "")}", [module]);
        return _text.ToString();
    }

    /// <summary>Writes modules that are alike as one.</summary>
    private void Write(string head, ImmutableArray<DescribedModule> alike)
    {
        Line($"{head}(");
        var open = _text.Length;
        _depth++;
        foreach (var line in Own(alike[0], [.. alike.Select(module => module.Prefix)])) Line(line);
        foreach (var (label, positions) in Alike(alike[0]))
        {
            ImmutableArray<DescribedModule> children = [.. alike.SelectMany(module => positions.Select(position => module.Children[position]))];
            Write($"({label}): {(positions.Length > 1 ? $"{positions.Length} x " : "")}{children[0].Type}", children);
        }
        _depth--;
        if (_text.Length > open) Line(")");
        else _text.Append(')');
    }

    /// <summary>The children in order of their first, those together that are alike.</summary>
    private IEnumerable<(string Label, ImmutableArray<int> Positions)> Alike(DescribedModule module)
    {
        foreach (var group in module.Children.Index().GroupBy(child => (NameFolding.Shape(child.Item.Label), Key(child.Item))))
        {
            var labels = NameFolding.Shown(group.Select(child => child.Item.Label));

            // A name of several numbers need not fold into one, and then each is shown by itself.
            if (labels is [var label]) yield return (label, [.. group.Select(child => child.Index)]);
            else foreach (var (position, child) in group) yield return (NameFolding.Shown(child.Label), [position]);
        }
    }

    /// <summary>What tells a module from others: all that is shown of it, but for what stands before its names.</summary>
    private string Key(DescribedModule module) => _keys.TryGetValue(module, out var known) ? known
        : _keys[module] = string.Join('\n', [module.Type, .. Own(module, [ModulePrefix.Root]), .. module.Children.Select(child => $"{child.Label} {Key(child)}"), ""]);

    /// <summary>What is shown of a module itself.</summary>
    private IEnumerable<string> Own(DescribedModule module, ImmutableArray<ModulePrefix> prefixes)
    {
        if (module.Set is { } set)
        {
            var told = Told(set);
            var axes = module.Axes(told.Topology, out var fault);
            foreach (var line in isDetailed ? MapText.Lines(set.Map, axes, prefixes) : []) yield return line;
            if (fault is not null) yield return $"shapes cannot be told: {NameFolding.Shown(fault)}";
            foreach (var parameter in set)
            {
                foreach (var line in new ParameterText(parameter, told.Type, axes, prefixes).Lines(isDetailed)) yield return line;
            }
        }
        foreach (var parameter in module.Unmapped) yield return isDetailed ? $"{parameter}, which nothing loads: {module.Type} has no [ParameterModule]" : parameter;
        if (module.IsNameless && isDetailed) yield return $"nothing loads what is below: {module.Type} has no [ParameterModule]";
        if (module.Fault is { } unread) yield return $"what is below cannot be told: {NameFolding.Shown(unread)}";
    }

    // A class that is shown again below itself is in the tree once.
    private ModelContext Told(ParameterSet set) => _told.GetValueOrDefault(set, ModelContext.Default);

    private static string Rank(Topology topology)
    {
        (string Name, int Rank, int Size)[] ranks =
        [
            ("tensor-parallel rank", topology.TensorRank, topology.TensorSize),
            ("expert-parallel rank", topology.ExpertRank, topology.ExpertSize),
            ("pipeline stage", topology.PipelineRank, topology.PipelineSize),
        ];
        var several = ranks.Where(rank => rank.Size > 1).Select(rank => $"{rank.Name} {rank.Rank} of {rank.Size}").ToList();
        return several.Count == 0 ? "" : $" on {string.Join(", ", several)} ";
    }

    private void Line(string text) => _text.Append(_text.Length == 0 ? "" : "\n").Append(' ', 2 * _depth).Append(text);
}
