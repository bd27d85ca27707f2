using Lanyard.Faults;

namespace Lanyard.Models.Tests.Faults;

/// <summary>When a worker is killed.</summary>
/// <param name="Phase">The phase that it must have begun.</param>
/// <param name="Fraction">How much of the phase's usual time is waited for then.</param>
/// <param name="AtRename">Whether a file of the export must have its name first.</param>
internal sealed record KillPoint(WorkerPhase Phase, double Fraction, bool AtRename);
