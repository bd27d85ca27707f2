namespace Lanyard.Models.Tests.Faults;

/// <summary>What is in a folder into which a worker exported.</summary>
/// <param name="Side">Which weights its checkpoint has.</param>
/// <param name="Temporary">The files that have a temporary name.</param>
/// <param name="Unnamed">The whole files that do not belong to the checkpoint.</param>
internal sealed record FolderState(int Side, IReadOnlyList<string> Temporary, IReadOnlyList<string> Unnamed);
