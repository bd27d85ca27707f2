namespace Lanyard;

/// <summary>A module whose parameters are tied to their loaders. Generated for each class with <see cref="ParameterModuleAttribute"/>.</summary>
public interface IParameterModule
{
    /// <summary>The parameters of this instance, each with its value, its layout now and its loader.</summary>
    ParameterSet Parameters { get; }
}
