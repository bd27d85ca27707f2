using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>What a method does with something that it is given.</summary>
/// <param name="Argument">What it is given.</param>
/// <param name="Effect">What it does.</param>
/// <param name="Way">What lies between the two.</param>
internal sealed record ArgumentEffect(IParameterSymbol Argument, TensorEffect Effect, Way Way);
