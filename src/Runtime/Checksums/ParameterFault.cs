namespace Lanyard;

/// <summary>Something wrong with a parameter beside its slots.</summary>
/// <param name="Parameter">The full name of the parameter.</param>
/// <param name="Fault">What is wrong, for people.</param>
public sealed record ParameterFault(string Parameter, string Fault);
