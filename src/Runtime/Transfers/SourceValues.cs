using Lanyard.Index;
using Lanyard.Live;
using TorchSharp;

namespace Lanyard.Transfers;

/// <summary>
/// The values that a live model gives to a transfer, as they were loaded: what post-load has made of them is undone, one module at a time, beside the live ones. Owns
/// the modules while it lasts.
/// </summary>
internal sealed class SourceValues : IDisposable
{
    private readonly Dictionary<string, ModelParameter> _parameters;
    private readonly UndoneModules _undone;
    private readonly LiveReading _reading;

    /// <param name="model">The model.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="process">Which process of the source side it is.</param>
    /// <exception cref="TransferException">It is not what the plan was made for, or post-load has replaced parameters that nothing can undo.</exception>
    /// <exception cref="ModelStateException">The model is not loaded, or something else owns it.</exception>
    public SourceValues(IParameterModule model, TransferPlan plan, int process)
    {
        var index = ModelIndex.Of(model.Parameters);
        _reading = new LiveReading(index, "a transfer", "be transferred");
        try
        {
            Version = index.Root.Version;
            _parameters = index.Parameters.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
            var (problems, needed) = (new List<TransferProblem>(), new HashSet<ModelParameter>());
            foreach (var group in plan.Groups)
            {
                foreach (var i in group.Runs.Where(run => run.Source == process).Select(run => run.Parameter).Distinct())
                {
                    foreach (var name in group.Members.Select(member => member.Sources[i]))
                    {
                        if (PlannedParameter.Find(_parameters, name, group.Sources[i], process, problems) is not { } parameter) continue;
                        if (UndonePostLoad.NoWayBack(parameter) is { } reason) problems.Add(new TransferProblem(TransferProblemKind.WrongModel, name, null, reason, process));
                        else needed.Add(parameter);
                    }
                }
            }
            if (problems.Count > 0) throw new TransferException($"{index.Root.Map.Type} cannot give its weights as process {process}", [.. problems]);
            _undone = new UndoneModules(needed, faults => new TransferException($"{index.Root.Map.Type} cannot give its weights as process {process}", [.. faults.Select(fault => new TransferProblem(TransferProblemKind.WrongModel, fault.Name, null, fault.Fault, process))]));
        }
        catch
        {
            _reading.Dispose();
            throw;
        }
    }

    /// <summary>What the weights are called; null where nobody said it.</summary>
    public string? Version { get; }

    /// <summary>The value of a parameter in the layout that loads write, contiguous; it is not the caller's, and is there until another is asked for.</summary>
    /// <param name="name">Its full name.</param>
    public torch.Tensor Of(string name)
    {
        var parameter = _parameters[name];
        return _undone.Of(parameter.Module).Value(parameter);
    }

    public void Dispose()
    {
        // First: the model is put back before another may take it.
        _undone.Dispose();
        _reading.Dispose();
    }
}
