namespace Lanyard.Testing.Weights;

/// <summary>An instance that the author's factory made, disposed with this.</summary>
internal sealed class MadeModel(IParameterModule module) : IDisposable
{
    /// <summary>The root.</summary>
    public IParameterModule Module { get; } = module;

    /// <summary>Every parameter by full name, in order.</summary>
    public IEnumerable<(string Name, BoundParameter Parameter)> Parameters => Module.AllParameters();

    public void Dispose() => (Module as IDisposable)?.Dispose();
}
