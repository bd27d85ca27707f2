using Lanyard.Checkpoints;
using Lanyard.Testing.Weights;

namespace Lanyard.Testing.Checks;

/// <summary>Exports a loaded model and compares what is written with what was loaded.</summary>
internal sealed class ExportCheck(Findings findings, ScratchFolder scratch, NamePatterns rounds)
{
    /// <param name="model">The model.</param>
    /// <param name="set">What was loaded.</param>
    /// <param name="leftOut">What of it the model leaves alone.</param>
    /// <returns>What was written as ranks write it, or null where nothing was.</returns>
    public string? Run(MadeModel model, WeightSet set, IReadOnlySet<string> leftOut)
    {
        var open = set.First.Keys.Where(name => !leftOut.Contains(name)).ToHashSet(StringComparer.Ordinal);
        var differing = new Dictionary<string, string>(StringComparer.Ordinal);
        var written = new HashSet<string>(StringComparer.Ordinal);
        ExportException? refused = null;
        var (isWritten, asRanks) = (false, default(string));
        foreach (var options in Ways(model, set))
        {
            var directory = scratch.Next();
            ExportReport report;
            try
            {
                report = model.Module.Export(directory, options);
            }
            catch (ExportException e)
            {
                // Codes that were not kept are no fault: values are written instead.
                refused ??= e;
                continue;
            }
            isWritten = true;
            if (options is { Codes: false, Prefix: false, Convention: null } && options.Format == set.Format) asRanks = directory;
            using var checkpoint = Checkpoint.Open(directory);
            written.UnionWith(checkpoint.Tensors.Keys);
            foreach (var (name, stored) in checkpoint.Tensors)
            {
                if (set.Format is not null && !set.First.ContainsKey(name)) findings.Add(ModelTestCheck.Export, set.Label, name, "it is written, and was not loaded");
                if (!open.Contains(name)) continue;
                using var view = checkpoint.View(stored);
                if (TensorComparison.Difference(set.First[name], view) is not { } difference) _ = open.Remove(name);
                else if (report.Lossy.FirstOrDefault(loss => loss.Tensor == name) is { } loss) Lossy(name, loss.Kind);
                else differing[name] = difference;
            }
            if (open.Count == 0) return asRanks ?? Written();
        }
        if (!isWritten)
        {
            findings.Add(ModelTestCheck.Export, set.Label, "", refused!.Message + (refused.Problems.Any(problem => problem.Kind == ExportProblemKind.NoUndo) ? "\nWhere the class is never to be exported, say so with Exports = false." : ""));
            return null;
        }
        var owners = new ParameterOwners(model.Module);
        foreach (var name in open.Where(name => !IsOtherName(model, set, name, written)))
        {
            if (!differing.TryGetValue(name, out var difference)) findings.Add(ModelTestCheck.Export, set.Label, name, "it was loaded, and is not exported");
            else if (!rounds.Match(name)) findings.Add(ModelTestCheck.Export, set.Label, name, $"what is exported {difference}{(owners.FilledBy(name).Any(parameter => parameter.MadeBy is not null) ? ". Where a post-load method is to round it, name it in Rounds" : "")}");
        }
        return asRanks ?? Written();

        string Written()
        {
            var directory = scratch.Next();
            _ = model.Module.Export(directory, new ExportOptions { Format = set.Format });
            return directory;
        }

        void Lossy(string name, ExportLossKind kind)
        {
            _ = open.Remove(name);
            findings.Note($"{NameFolding.Shape(name)} was not compared with what is exported ({set.Label}): {kind}");
        }
    }

    /// <summary>The ways of writing in which each tensor may come back.</summary>
    private static IEnumerable<ExportOptions> Ways(MadeModel model, WeightSet set)
    {
        var maps = model.Parameters.Select(item => item.Parameter.Owner.Map).Append(model.Module.Parameters.Map).Distinct().ToList();
        string?[] formats = set.Format is not null || set.Checkpoint is null ? [set.Format] : [null, .. Formats.Of(model.Module)];
        string?[] conventions = set.Checkpoint is null ? [null] : [null, .. maps.SelectMany(map => map.Prefixes.Select(prefix => prefix.Convention).Concat(map.ChildNames.Select(name => name.Convention))).Where(name => name.Length > 0).Distinct()];
        bool[] prefixes = set.Checkpoint is not null && maps.Exists(map => map.Prefixes.Any(prefix => prefix.Convention.Length == 0)) ? [false, true] : [false];
        bool[] codes = set.IsEncoded ? [true, false] : [false];
        return
            from code in codes
            from format in formats
            from convention in conventions
            from prefix in prefixes
            select new ExportOptions { Format = format, Convention = convention, Prefix = prefix, Codes = code };
    }

    /// <summary>Whether a tensor is the second name of one that is written.</summary>
    private static bool IsOtherName(MadeModel model, WeightSet set, string name, HashSet<string> written) =>
        model.Parameters.Select(item => item.Parameter.Owner.Map).Append(model.Module.Parameters.Map).SelectMany(map => map.Aliases).Any(alias =>
            name.EndsWith(alias.Alias, StringComparison.Ordinal) && name[..^alias.Alias.Length] + alias.Name is var first && written.Contains(first)
            && (!set.First.TryGetValue(first, out var tied) || TensorComparison.Difference(tied, set.First[name]) is null));
}
