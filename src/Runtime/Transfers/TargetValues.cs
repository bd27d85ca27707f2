using Lanyard.Index;
using Lanyard.Updates;

namespace Lanyard.Transfers;

/// <summary>Where a transfer writes: the parameters of a refit session, all that a rank holds of each, without a stored tensor between.</summary>
internal sealed class TargetValues : IDisposable
{
    private readonly Dictionary<string, (ModelParameter Parameter, ParameterFormat Format)> _targets = new(StringComparer.Ordinal);
    private readonly WeightUpdate _update;
    private readonly WeightUpdate.Writing _writing;
    private bool _ended;

    /// <param name="session">The session.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="process">Which process of the target side it is.</param>
    /// <param name="isWanted">Which parameters of the plan are written; null for all.</param>
    /// <exception cref="TransferException">Its model is not what the plan was made for.</exception>
    /// <exception cref="ModelStateException">The session has ended, or is prepared.</exception>
    public TargetValues(RefitSession session, TransferPlan plan, int process, Predicate<TransferUnit>? isWanted = null)
    {
        _update = session.Update;
        var (parameters, problems) = (session.Index.Parameters.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal), new List<TransferProblem>());
        foreach (var unit in plan.Groups.Where(group => group.Runs.Any(run => run.Target == process)).SelectMany(group => TransferUnit.Of(group)).OrderBy(unit => unit.Member.Position).Where(unit => isWanted?.Invoke(unit) != false))
        {
            if (PlannedParameter.Find(parameters, unit.Member.Target, unit.Group.Target, process, problems) is not { } parameter) continue;
            if (parameter.Formats.Find(format => format.Name == unit.Group.Format) is { } format) _targets.Add(parameter.Name, (parameter, format));
            else problems.Add(new TransferProblem(TransferProblemKind.WrongModel, parameter.Name, $"sources of the format \"{unit.Group.Format}\"", "none", process));
        }
        if (problems.Count > 0) throw new TransferException($"{session.Index.Root.Map.Type} cannot take weights as process {process}", [.. problems]);
        _writing = _update.BeginWrite(isOfMany: true);
        try
        {
            foreach (var (parameter, format) in _targets.Values) _update.Arrivals.AdmitWhole(parameter, format);
        }
        catch (Exception e)
        {
            Fail(e);
            _writing.Dispose();
            throw;
        }
    }

    /// <summary>Where a parameter is written.</summary>
    /// <param name="name">Its full name.</param>
    public UpdateTarget Of(string name) => _update.Writer.TargetOf(_targets[name].Parameter);

    /// <summary>Whether a parameter is written.</summary>
    public bool Has(string name) => _targets.ContainsKey(name);

    /// <summary>Enters that all has been written.</summary>
    public void End()
    {
        foreach (var (parameter, format) in _targets.Values) _update.Writer.Enter(parameter, format);
        _ended = true;
        _update.Advance(_targets.Values.SelectMany(target => target.Format.Uses.Where(use => !use.Slots.IsEmpty).Select(use => new PlacedTensor(use.Tensor, [use]))));
    }

    /// <summary>Enters that something failed: the session cannot be committed.</summary>
    public void Fail(Exception reason) => _update.CutShort(reason);

    public void Dispose()
    {
        if (!_ended) _update.CutShort(new ModelStateException("A transfer did not end."));
        _writing.Dispose();
    }
}
