namespace DiffusionVae.Manifolds;

/// <summary>
/// A manifold that calls functions of its user, which need not be made for several threads at once.
/// </summary>
internal interface IUserCode;
